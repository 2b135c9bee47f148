/** `npm ci` when node_modules does not hold what package-lock.json says. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { inProject } from './places.mjs';
import { runTool } from './run-child.mjs';
import { saying, SetupError } from './say.mjs';

const INSTALL_MS_MAX = 10 * 60_000;
const stamp = inProject('node_modules', '.installed-from');
const lockfile = inProject('package-lock.json');

export async function ensureDependencies() {
  if (isInstalled()) return;
  const { code, output } = await saying('installing dependencies with npm ci (about 10 s, once)', npmCi);
  if (code !== 0) {
    throw new SetupError(`npm ci failed. Mend what it says and try again:\n${output.trim()}`);
  }
  writeFileSync(stamp, lockfileDigest());
}

function isInstalled() {
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === lockfileDigest();
  // Installed by hand: npm leaves its own record of what it put there.
  const record = inProject('node_modules', '.package-lock.json');
  if (!existsSync(record) || statSync(record).mtimeMs < statSync(lockfile).mtimeMs) return false;
  writeFileSync(stamp, lockfileDigest());
  return true;
}

function npmCi() {
  // Development dependencies hold the compiler, so they are wanted even with NODE_ENV=production.
  const args = ['ci', '--include=dev'];
  const options = { cwd: inProject(), timeoutMs: INSTALL_MS_MAX };
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('npm-cli.js')) return runTool(process.execPath, [npm, ...args], options);
  return runTool(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}

function lockfileDigest() {
  return createHash('sha256').update(readFileSync(lockfile)).digest('hex');
}
