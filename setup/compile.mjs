// @ts-check
/** TypeScript to `dist/`, then the workflow bundle. Both only when a source, a setting or a dependency has changed. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { inProject } from './places.mjs';
import { runTool } from './run-child.mjs';
import { saying, SetupError } from './say.mjs';

const COMPILE_MS_MAX = 120_000;
const BUNDLE_MS_MAX = 120_000;
const dist = inProject('dist');

export async function ensureCompiled() {
  await onceForTheseSources('.compiled-from', async () => {
    removeStaleOutput();
    const tsc = inProject('node_modules', 'typescript', 'bin', 'tsc');
    const args = [tsc, '--project', inProject('tsconfig.json'), '--outDir', dist];
    const { code, output } = await saying('compiling to dist/ (about 1 s)', () =>
      runTool(process.execPath, args, { cwd: inProject(), timeoutMs: COMPILE_MS_MAX }),
    );
    if (code !== 0) throw new SetupError(`it does not compile:\n${output.trim()}`);
  });
}

export async function ensureBundle() {
  const builder = join(dist, 'worker', 'build-bundle.js');
  if (!existsSync(builder)) return;
  await onceForTheseSources('.bundled-from', async () => {
    const { code, output } = await saying('bundling the workflow code (about 2 s)', () =>
      runTool(process.execPath, [builder], { cwd: inProject(), timeoutMs: BUNDLE_MS_MAX }),
    );
    if (code !== 0) throw new SetupError(`the workflow code cannot be bundled:\n${output.trim()}`);
  });
}

/**
 * Does `work` unless it was done for exactly these sources: a running program's files are not rewritten under it.
 * @param {string} stampName
 * @param {() => Promise<void>} work
 */
async function onceForTheseSources(stampName, work) {
  const stamp = join(dist, stampName);
  const fingerprint = sourcesFingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return;
  rmSync(stamp, { force: true });
  await work();
  mkdirSync(dist, { recursive: true });
  writeFileSync(stamp, fingerprint);
}

function sourcesFingerprint() {
  const hash = createHash('sha256');
  const sources = sourceModules().flatMap((module) =>
    filesUnder(inProject(module)).filter((file) => file.endsWith('.ts')),
  );
  const all = [...sources, inProject('tsconfig.json'), inProject('package-lock.json')];
  for (const file of all.toSorted((a, b) => (a < b ? -1 : 1))) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${relative(inProject(), file)} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

/** A test or module whose source is gone must not go on running: each compiled module has a `.d.ts`, which tells it from other files. */
function removeStaleOutput() {
  for (const module of sourceModules()) {
    for (const declaration of filesUnder(join(dist, module))) {
      if (!declaration.endsWith('.d.ts')) continue;
      const compiled = declaration.slice(0, -'.d.ts'.length);
      const source = inProject(`${relative(dist, compiled)}.ts`);
      if (existsSync(source)) continue;
      for (const ending of ['.d.ts', '.js', '.js.map']) rmSync(compiled + ending, { force: true });
    }
  }
}

/** @returns {readonly string[]} */
function sourceModules() {
  return JSON.parse(readFileSync(inProject('tsconfig.json'), 'utf8')).include;
}

/** @param {string} folder */
function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.split(sep).includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name));
}
