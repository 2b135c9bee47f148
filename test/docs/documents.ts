/** The documents of the repository, taken apart: blocks of code, commands, tables, headings, links. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../repository-root.ts';

export interface Block {
  readonly language: string;
  readonly text: string;
}

export interface Table {
  /** The nearest heading above. */
  readonly under: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Document {
  /** From the root of the repository, with `/`. */
  readonly name: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly blocks: readonly Block[];
  readonly tables: readonly Table[];
  /** Texts of the headings, `#` marks and all. */
  readonly headings: readonly string[];
  /** Targets of links, as written. */
  readonly links: readonly string[];
  /** Inline code, outside of blocks. */
  readonly inlineCode: readonly string[];
}

const AT_THE_ROOT = ['README.md', 'README.zh-CN.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];

export const documents: readonly Document[] = [
  ...AT_THE_ROOT,
  ...readdirSync(path.join(repositoryRoot, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((name) => `docs/${name}`),
  'simulator/README.md',
  'test/README.md',
].map(readDocument);

export function document(name: string): Document {
  const found = documents.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no document ${name}`);
  return found;
}

/** The one table of a document whose header begins with these cells. */
export function tableOf(name: string, ...header: readonly string[]): Table {
  const found = document(name).tables.filter((table) => header.every((cell, column) => table.header[column] === cell));
  const [table] = found;
  if (table === undefined || found.length > 1)
    throw new Error(`${name} has ${found.length} tables with the header ${header.join(', ')}`);
  return table;
}

function readDocument(name: string): Document {
  const text = readFileSync(path.join(repositoryRoot, name), 'utf8');
  const blocks: Block[] = [];
  const prose = text.replaceAll(/^```(\w*)\n([^]*?)^```$/gm, (_, language: string, code: string) => {
    blocks.push({ language, text: code });
    return '';
  });
  const lines = prose.split('\n');
  return {
    name,
    text,
    lines: text.split('\n'),
    blocks,
    tables: tablesOf(lines),
    headings: lines.filter((line) => /^#+ /.test(line)),
    links: [...withoutCode(prose).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target),
    inlineCode: [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code),
  };
}

function withoutCode(prose: string): string {
  return prose.replaceAll(/`[^`\n]+`/g, '');
}

function tablesOf(lines: readonly string[]): readonly Table[] {
  const tables: Table[] = [];
  let under = '';
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (/^#+ /.test(line)) under = line.replace(/^#+ /, '');
    if (!line.startsWith('|')) continue;
    const block: string[] = [];
    while ((lines[at] ?? '').startsWith('|')) {
      block.push(lines[at] ?? '');
      at += 1;
    }
    const [header = [], , ...rows] = block.map(cellsOf);
    tables.push({ under, header, rows });
  }
  return tables;
}

function cellsOf(line: string): readonly string[] {
  return line
    .replace(/^\|/, '')
    .replace(/\|\s*$/, '')
    .split('|')
    .map((cell) => cell.trim());
}

/** Commands of the shell blocks: several lines are one while a quote is open or a line ends in a backslash. */
export function commandsOf({ blocks }: Document): readonly string[] {
  return blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => commandsIn(text));
}

function commandsIn(text: string): readonly string[] {
  const commands: string[] = [];
  let open = '';
  for (const line of text.split('\n')) {
    open = open === '' ? line : `${open}\n${line}`;
    if (isOpen(open)) continue;
    if (open.trim() !== '' && !open.startsWith('#')) commands.push(open);
    open = '';
  }
  if (open !== '') throw new Error(`A command does not end: ${open}`);
  return commands;
}

function isOpen(command: string): boolean {
  return command.endsWith('\\') || (command.match(/'/g) ?? []).length % 2 === 1;
}

/** `code` out of a cell that holds one piece of inline code and nothing else; otherwise the cell. */
export function plain(cell: string): string {
  return /^`([^`]+)`$/.exec(cell)?.[1] ?? cell;
}

/** Every piece of inline code in a cell. */
export function codesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}
