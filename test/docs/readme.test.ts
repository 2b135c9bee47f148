/** Goal: the README is short, its tables and examples are those of the code, and both languages say the same. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import { STORIES } from '../../demo/stories.ts';
import { repositoryRoot } from '../repository-root.ts';
import { commandsOf, type Document, document } from './documents.ts';

/** About one screen, beside the demo's table. */
const LINES_MAX = 140;
const READMES = ['README.md', 'README.zh-CN.md'] as const;
const [english, chinese] = READMES.map(document) as [Document, Document];

describe('the README', () => {
  for (const { name, lines } of [english, chinese]) {
    it(`${name} stays short`, () => assert.ok(lines.length <= LINES_MAX, String(lines.length)));
  }

  it('shows as many sales as the demo plays, under their numbers and names, with their outcomes', () => {
    const shown = english.blocks.find(({ language }) => language === 'text')?.text.split('\n') ?? [];
    const [header = '', ...rows] = shown.slice(0, shown.indexOf(''));
    const columns = ['trade', 'story', 'pay answered', 'outcome', 'by'].map((name) => header.indexOf(name));
    assert.ok(columns.every((at) => at >= 0));
    const cells = rows.map((row) =>
      columns.slice(0, -1).map((at, column) => row.slice(at, columns[column + 1]).trim()),
    );
    assert.deepEqual(
      cells.map(([trade, story, , outcome]) => ({ trade, story, outcome })),
      STORIES.map(({ outTradeNo, name, outcome }) => ({ trade: outTradeNo, story: name, outcome })),
    );
    assert.ok(shown.some((line) => line.startsWith(`outcome and ledger agree in ${rows.length} of ${rows.length}`)));
  });

  it('shows a merchants file as the one in worker/', () => {
    const shown = english.blocks.find(({ language }) => language === 'json');
    const file = readFileSync(path.join(repositoryRoot, 'worker', 'merchants.example.json'), 'utf8');
    assert.deepEqual(JSON.parse(shown?.text ?? ''), JSON.parse(file));
  });

  it('leads to every module', () => {
    const { include } = JSON.parse(readFileSync(path.join(repositoryRoot, 'tsconfig.json'), 'utf8')) as {
      readonly include: readonly string[];
    };
    const modules = [...include, 'setup', 'deploy'].filter(holdsFiles);
    for (const module of modules) assert.ok(english.links.includes(module), module);
    for (const link of english.links.filter((target) => !/[.#:]/.test(target) && target !== 'LICENSE')) {
      assert.ok(existsSync(path.join(repositoryRoot, link)), link);
    }
  });
});

describe('README.zh-CN.md', () => {
  it('has the headings, levels and all, in the same number', () => {
    const levels = ({ headings }: Document): readonly string[] => headings.map((text) => text.replace(/ .*$/, ''));
    assert.deepEqual(levels(chinese), levels(english));
  });

  it('has the same commands, examples and demo output', () => {
    assert.deepEqual(commandsOf(chinese), commandsOf(english));
    assert.deepEqual(chinese.blocks, english.blocks);
  });

  it('has the same tables, row by row, and the same names in them', () => {
    const shape = ({ tables }: Document): unknown =>
      tables.map(({ rows }) => rows.map((cells) => cells.map((cell) => names(cell))));
    assert.deepEqual(shape(chinese), shape(english));
  });

  it('has the same links, but for the one to the other language', () => {
    const others = ({ links }: Document): readonly string[] =>
      links.filter((target) => !target.startsWith('README')).toSorted((a, b) => (a < b ? -1 : 1));
    assert.deepEqual(others(chinese), others(english));
    assert.ok(english.links.includes(chinese.name) && chinese.links.includes(english.name));
  });

  it('names the same code', () => {
    const codes = ({ inlineCode }: Document): readonly string[] =>
      [...new Set(inlineCode)].toSorted((a, b) => (a < b ? -1 : 1));
    assert.deepEqual(codes(chinese), codes(english));
  });
});

function holdsFiles(module: string): boolean {
  const folder = path.join(repositoryRoot, module);
  return existsSync(folder) && readdirSync(folder).length > 0;
}

/** What a cell holds that is the same in every language. */
function names(cell: string): readonly string[] {
  return [...cell.matchAll(/`[^`]+`|\]\([^)]+\)/g)].map(([name]) => name);
}
