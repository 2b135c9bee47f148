/** A copy of the compiled rules with one mistake in it, loaded from a folder of its own. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Rules } from '../model/shell.ts';
import type { Mutant } from './mutant.ts';

const DIST = fileURLToPath(new URL('../../', import.meta.url));

/** @throws Error when the text to replace does not stand exactly once in the file. */
export async function loadMutated(mutant: Pick<Mutant, 'file' | 'search' | 'replace'> | undefined): Promise<Rules> {
  const folder = mkdtempSync(join(tmpdir(), 'mutated-rules-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    for (const module of ['resolution', 'contract'])
      cpSync(join(DIST, module), join(folder, module), { recursive: true });
    if (mutant !== undefined) mutate(join(folder, 'resolution', mutant.file), mutant);
    return (await import(pathToFileURL(join(folder, 'resolution', 'index.js')).href)) as Rules;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function mutate(path: string, { search, replace }: Pick<Mutant, 'search' | 'replace'>): void {
  const parts = readFileSync(path, 'utf8').split(search);
  if (parts.length !== 2) throw new Error(`stands ${parts.length - 1} times in ${path}, not once: ${search}`);
  writeFileSync(path, parts.join(replace));
}
