// @ts-check
/** `npm ci` where node_modules does not hold what package-lock.json says. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './places.mjs';
import { runTool } from './run-child.mjs';
import { saying, SetupError } from './say.mjs';

const INSTALL_MS_MAX = 10 * 60_000;

export async function ensureDependencies() {
  const failure = await installed(inProject(), async () => {
    const { code, output } = await saying('installing dependencies with npm ci (about 10 s, once)', () =>
      npmCi(inProject()),
    );
    return code === 0 ? undefined : `npm ci failed. Mend what it says and try again:\n${output.trim()}`;
  });
  if (failure) throw new SetupError(failure);
}

/**
 * Does `install`, which resolves with its failure, unless `folder` holds what its lock says. Resolves with the failure.
 * @param {string} folder
 * @param {() => Promise<string | undefined>} install
 */
export async function installed(folder, install) {
  if (isInstalled(folder)) return undefined;
  const failure = await install();
  if (!failure) writeFileSync(stampOf(folder), lockDigest(folder));
  return failure;
}

/**
 * Development dependencies hold the compiler, so they are wanted even with NODE_ENV=production.
 * @param {string} folder
 */
export function npmCi(folder) {
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-fund', '--no-audit'];
  const options = { cwd: folder, timeoutMs: INSTALL_MS_MAX };
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('npm-cli.js')) return runTool(process.execPath, [npm, ...args], options);
  return runTool(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}

/** @param {string} folder */
function isInstalled(folder) {
  const stamp = stampOf(folder);
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === lockDigest(folder);
  // Installed by hand: npm leaves its own record of what it put there.
  const record = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(record) || statSync(record).mtimeMs < statSync(lockOf(folder)).mtimeMs) return false;
  writeFileSync(stamp, lockDigest(folder));
  return true;
}

/** @param {string} folder */
function stampOf(folder) {
  return join(folder, 'node_modules', '.installed-from');
}

/** @param {string} folder */
function lockOf(folder) {
  return join(folder, 'package-lock.json');
}

/** @param {string} folder */
function lockDigest(folder) {
  return createHash('sha256')
    .update(readFileSync(lockOf(folder)))
    .digest('hex');
}
