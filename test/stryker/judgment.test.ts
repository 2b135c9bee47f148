/** The judge of the mutants bites: it lets no survivor pass that nobody has judged, and no list that has outlived its reason. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import { repositoryRoot } from '../repository-root.ts';
import { judge, type Mutant, type Survivors } from './judgment.ts';
import { reasonToIgnore } from './prose.ts';
import { hasObjection, objections } from './report.ts';
import { PARTS } from './scope.ts';
import { SURVIVORS } from './survivors.ts';

const mutant = (status: Mutant['status'], original = 'a > b'): Mutant => ({
  file: 'resolution/x.ts',
  line: 7,
  within: `if (${original}) return;`,
  original,
  replacement: 'true',
  mutator: 'ConditionalExpression',
  status,
});
const killed = Array.from({ length: 99 }, () => mutant('Killed', 'c'));
const listed: readonly Survivors[] = [
  { because: 'of a reason', file: 'resolution/x.ts', mutants: [['if (a > b) return;', 'a > b', 'true']] },
];

describe('The judge of the mutants', () => {
  it('passes a run in which all are noticed, by a failing test or by never ending', () => {
    const judgment = judge([...killed, mutant('Timeout')], []);
    assert.equal(judgment.score, 100);
    assert.deepEqual(objections(judgment), []);
  });
  for (const status of ['Survived', 'NoCoverage'] as const) {
    it(`objects to one that is ${status} and not listed, and says how to list it`, () => {
      const judgment = judge([...killed, mutant(status)], []);
      assert.equal(judgment.score, 99);
      assert.ok(hasObjection(judgment));
      assert.ok(objections(judgment).includes('    ["if (a > b) return;", "a > b", "true"],'));
    });
    it(`passes one that is ${status} and listed`, () =>
      assert.deepEqual(objections(judge([...killed, mutant(status)], listed)), []));
  }
  it('objects to a listed one that is noticed by now, or gone', () => {
    assert.ok(hasObjection(judge([...killed, mutant('Killed')], listed)));
    assert.ok(hasObjection(judge(killed, listed)));
  });
  it('asks nothing of lists for files that were not mutated', () => {
    const elsewhere = listed.map((group) => ({ ...group, file: 'alipay/y.ts' }));
    assert.deepEqual(objections(judge(killed, elsewhere)), []);
  });
  it('objects to a score below 95 %, listed or not', () => {
    const many = judge([...killed.slice(0, 90), ...Array.from({ length: 10 }, () => mutant('Survived'))], listed);
    assert.ok(hasObjection(many));
    assert.match(objections(many).join('\n'), /90\.0 % .* less than 95 %/);
  });
  it('counts neither those left out nor those that keep a module from loading', () => {
    const judgment = judge([...killed, { ...mutant('Ignored'), ignoredAs: 'prose' }, mutant('RuntimeError')], []);
    assert.deepEqual([judgment.noticed, judgment.survived, judgment.unloadable], [99, 0, 1]);
    assert.deepEqual([...judgment.ignored], [['prose', 1]]);
  });
});

describe('What is left out', () => {
  const text = (value: string): { type: string; value: string } => ({ type: 'StringLiteral', value });
  const template = (raw: string, expression: string): { type: string; quasis: unknown; expressions: unknown } => ({
    type: 'TemplateLiteral',
    quasis: [{ value: { raw } }],
    expressions: [{ type: expression }],
  });
  it('is a sentence', () => {
    assert.equal(reasonToIgnore({ node: text('Top up the account') }), 'prose');
    assert.equal(reasonToIgnore({ node: template('asked at ', 'Identifier') }), 'prose');
  });
  it('is no name, code or kind, and no text that is put together from more than names', () => {
    for (const word of ['paid', 'ACQ.SYSTEM_ERROR', '40004', '*', '', ' ', ', ', 'TRADE_CLOSED'])
      assert.equal(reasonToIgnore({ node: text(word) }), undefined, word);
    assert.equal(reasonToIgnore({ node: template('asked at ', 'ConditionalExpression') }), undefined);
    assert.equal(reasonToIgnore({ node: { type: 'ConditionalExpression' } }), undefined);
  });
  it('is the meaning of a code, but not the code', () => {
    const table = { node: { type: 'ArrayExpression' } };
    const row = { node: { type: 'ArrayExpression' }, listKey: 'elements', key: 0, parentPath: table };
    const cell = (key: number): object => ({ node: text('业务处理失败'), listKey: 'elements', key, parentPath: row });
    const left = [0, 1, 2, 3, 4, 5, 6].filter((key) => reasonToIgnore(cell(key) as never) !== undefined);
    assert.deepEqual(left, [3, 4, 5]);
  });
});

describe('The list of survivors', () => {
  it('gives a reason for each, in files that are mutated', () => {
    const mutated = PARTS.flatMap(({ mutate }) => mutate);
    for (const { because, file } of SURVIVORS) {
      assert.match(because, /\S \S/);
      assert.ok(existsSync(path.join(repositoryRoot, file)), file);
      assert.ok(mutated.includes(file) || mutated.includes(`${path.dirname(file)}/*.ts`), file);
    }
  });
});
