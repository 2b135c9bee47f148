/** Toxiproxy, the proxy that breaks connections on demand: the network faults of `test/faults/` and of the benchmarks. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Handed } from './environment.mjs';
import { builtWithGo } from './go-program.mjs';
import { whileLocked } from './lock.mjs';
import { inCache } from './places.mjs';

const VERSION = '2.12.0';
const BUILD_MS_MAX = 20 * 60_000;

const exe = process.platform === 'win32' ? '.exe' : '';
const built = inCache(`toxiproxy-${VERSION}`, `server${exe}`);

/** Resolves with the program's path, or undefined. */
export async function findToxiproxy() {
  const atHand = process.env[Handed.toxiproxy] || onPath() || inCacheFolder();
  if (atHand) return atHand;
  return whileLocked(inCache('toxiproxy.lock'), { heldMsMax: BUILD_MS_MAX, forWhat: 'builds Toxiproxy' }, async () => {
    const module = `github.com/Shopify/toxiproxy/v2/cmd/server@v${VERSION}`;
    const saying = `building Toxiproxy ${VERSION} with Go (some seconds, once)`;
    return inCacheFolder() ?? (await builtWithGo({ module, path: built, saying }));
  });
}

export const TWO_WAYS_OUT = `There is no Toxiproxy here, and none could be built: the tests of network faults need it. Either will do:
  1. toxiproxy-server on your PATH (https://github.com/Shopify/toxiproxy: brew install toxiproxy, or one file to download)
  2. Go 1.24 or newer on your PATH: then it is built from its source, once, in some seconds`;

function inCacheFolder() {
  return isToxiproxy(built) ? built : undefined;
}

function onPath() {
  const candidates = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return candidates.map((folder) => join(folder, `toxiproxy-server${exe}`)).find(isToxiproxy);
}

function isToxiproxy(path) {
  if (!existsSync(path)) return false;
  const { status, stdout } = spawnSync(path, ['-version'], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 && stdout.startsWith('toxiproxy-server version');
}
