// @ts-check
/** Programs built from their source with Go, into the cache folder: whole, or not at all. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { atExit } from './at-exit.mjs';
import { runTool } from './run-child.mjs';
import { say, saying } from './say.mjs';

const BUILD_MS_MAX = 20 * 60_000;

/**
 * `module`: what `go install` takes, such as `example.org/cmd/server@v1.2.3`; `path`: where its program then is, in a folder of its
 * own. Resolves with `path`, or undefined where there is no Go or it could not build.
 * @param {{ readonly module: string, readonly path: string, readonly saying: string }} what
 */
export async function builtWithGo({ module, path, saying: what }) {
  const { code: hasGo } = await runTool('go', ['version'], { timeoutMs: 30_000 });
  if (hasGo !== 0) return undefined;
  const folder = dirname(path);
  const unfinished = `${folder}.unfinished-${process.pid}`;
  const removeUnfinished = () => rmSync(unfinished, { recursive: true, force: true });
  const forget = atExit(removeUnfinished);
  try {
    const { code, output } = await saying(what, () => goInstall(module, unfinished));
    if (code !== 0) {
      say(`  Go could not build it:\n${output.trim()}`);
      return undefined;
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
    return path;
  } finally {
    removeUnfinished();
    forget();
  }
}

/**
 * @param {string} module
 * @param {string} into
 */
function goInstall(module, into) {
  mkdirSync(into, { recursive: true });
  // -s -w leave the debugger's symbols out, about a sixth of the size.
  const args = ['install', '-ldflags=-s -w', module];
  // The module file of the project the user stands in, or a cross-compile setting, must not change what is built.
  const env = { ...process.env, GOBIN: into, GOOS: '', GOARCH: '', GOFLAGS: process.env.GOFLAGS ?? '' };
  return runTool('go', args, { cwd: into, env, timeoutMs: BUILD_MS_MAX });
}
