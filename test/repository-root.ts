/** The folder that holds package.json: fixtures and sources are read from there, since only compiled code lies in dist. */
import { existsSync } from 'node:fs';
import path from 'node:path';

export const repositoryRoot: string = find(import.meta.dirname);

function find(folder: string): string {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error(`No package.json above ${import.meta.dirname}`);
  return find(parent);
}
