// @ts-check
/**
 * Stryker, which makes the mistakes of `test/stryker/`. It lives in a package of its own, beside the mocha that it can load, in a
 * folder of the project: what is not there is looked for in the project's own node_modules, above it.
 */
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { installed, npmCi } from './dependencies.mjs';
import { inProject } from './places.mjs';
import { saying } from './say.mjs';

const source = inProject('test', 'stryker', 'side-package');
const folder = inProject('.cache', 'stryker');

/** Resolves with what npm said where it failed; undefined: Stryker is there. */
export async function installStryker() {
  if (!existsSync(join(source, 'package-lock.json'))) return undefined;
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) cpSync(join(source, file), join(folder, file));
  return installed(folder, async () => {
    const { code, output } = await saying('installing Stryker with npm ci (about 10 s, once)', () => npmCi(folder));
    return code === 0
      ? undefined
      : `npm ci of test/stryker/side-package failed. Mend what it says and try again:\n${output.trim()}`;
  });
}
