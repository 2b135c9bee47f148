// @ts-check
/**
 * A `temporal` program for the dev server, from the first of these that has one. An existing server
 * (`TEMPORAL_ADDRESS`) needs none; then only those that cost nothing are looked at.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Handed } from './environment.mjs';
import { builtWithGo } from './go-program.mjs';
import { whileLocked } from './lock.mjs';
import { inCache, inProject } from './places.mjs';
import { exe, firstThatIs, programAtHand } from './program-at-hand.mjs';
import { runTool } from './run-child.mjs';
import { say, saying } from './say.mjs';

/** The newest release of the Temporal CLI that `go install` takes: later ones hold a `replace` directive, which it refuses. */
const BUILT_VERSION = '1.5.1';
const BUILD_MS_MAX = 20 * 60_000;
const DOWNLOAD_BEGINS_MS_MAX = 10_000;
const DOWNLOAD_MS_MAX = 5 * 60_000;

const TEMPORAL = {
  variable: Handed.temporalBinary,
  name: 'temporal',
  asked: '--version',
  says: 'temporal version',
};

/**
 * Resolves with the program's path, or undefined; `costly` allows the download and the build.
 * @param {{ readonly costly: boolean }} how
 */
export async function findTemporalBinary({ costly }) {
  const atHand = programAtHand(TEMPORAL, cachedPaths());
  if (atHand || !costly) return atHand;
  return whileLocked(
    inCache('temporal.lock'),
    { heldMsMax: BUILD_MS_MAX, forWhat: 'gets the Temporal CLI' },
    async () => {
      return inCacheFolder() ?? (await downloadedBySdk()) ?? (await builtFromSource());
    },
  );
}

export const THREE_WAYS_OUT = `There is no Temporal server here, and none could be made. Any one of these will do:
  1. TEMPORAL_ADDRESS=host:port, a Temporal server that is running already
  2. the Temporal CLI on your PATH (https://docs.temporal.io/cli: brew install temporal, or one file to download)
  3. Go 1.24 or newer on your PATH: then the CLI is built from its source, once, in about 2.5 minutes`;

function inCacheFolder() {
  return firstThatIs(TEMPORAL, cachedPaths());
}

function cachedPaths() {
  return [builtPath(), ...downloadedPaths()];
}

// The CLI that the SDK chooses for itself.

function downloadFolder() {
  const { version } = JSON.parse(
    readFileSync(inProject('node_modules', '@temporalio', 'testing', 'package.json'), 'utf8'),
  );
  return inCache(`temporal-of-sdk-${version}`);
}

function downloadedPaths() {
  const folder = downloadFolder();
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => !name.endsWith('.downloading'));
  return names.map((name) => join(folder, name));
}

async function downloadedBySdk() {
  const folder = downloadFolder();
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { force: true });
  const script = inProject('setup', 'sdk-download.mjs');
  const args = [script, folder, String(DOWNLOAD_BEGINS_MS_MAX)];
  const { code } = await saying('downloading the Temporal CLI from temporal.download (about 100 MB, once)', () =>
    runTool(process.execPath, args, { cwd: inProject(), timeoutMs: DOWNLOAD_MS_MAX }),
  );
  const path = firstThatIs(TEMPORAL, downloadedPaths());
  if (code !== 0 || !path) say('  temporal.download cannot be reached from here');
  return path;
}

// The CLI from its source.

function builtPath() {
  return inCache(`temporal-${BUILT_VERSION}`, `temporal${exe}`);
}

function builtFromSource() {
  return builtWithGo({
    module: `github.com/temporalio/cli/cmd/temporal@v${BUILT_VERSION}`,
    path: builtPath(),
    saying: `building the Temporal CLI ${BUILT_VERSION} with Go (about 2.5 minutes, once)`,
  });
}
