/** Goal: the numbers and names in the sentences of docs/outcomes.md are those of the rules. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { DEFAULT_POLICY } from '../../contract/policy.ts';
import { OperatorReason } from '../../contract/resolution.ts';
import { begin, OPERATOR_REASONS, type Memory } from '../../resolution/index.ts';
import { CANCEL_ROUND, LIMITED_MS, PACED_MS, quickMax, roomAtMs, spend } from '../../resolution/pace.ts';
import { codesIn, document } from './documents.ts';

const NOW_MS = Date.parse('2026-11-24T10:30:00Z');
const MINUTE_MS = 60_000;

describe('the sentences of docs/outcomes.md', () => {
  it('say how often Alipay is asked at most', () => {
    const atOnce = quickMax(freshMemory(), NOW_MS) + CANCEL_ROUND;
    const paragraph = under('How often Alipay is asked');
    assert.ok(paragraph.includes(`${atOnce} at once, then one every ${PACED_MS / 1_000} s`), paragraph);
    assert.ok(paragraph.includes(`by itself for ${LIMITED_MS / 1_000} s`), paragraph);
    const [, inFiveMinutes, inAnHour] =
      /at most (\d+) calls in any 5 minutes and (\d+) in any hour/.exec(paragraph) ?? [];
    assert.ok(callsWithin(5 * MINUTE_MS) <= Number(inFiveMinutes));
    assert.ok(callsWithin(60 * MINUTE_MS) <= Number(inAnHour));
  });

  it('name the reasons from which the machine goes on by itself', () => {
    const [, sentence = ''] = /A parked trade is never deaf\.[^]*?Besides, ([^]*)/.exec(under('needs-operator')) ?? [];
    const [withAnAnswer = '', withASighting = ''] = sentence.split('; ');
    assert.deepEqual(reasonsIn(withAnAnswer), reasonsThat('endsWithAnAnswer'));
    assert.deepEqual(reasonsIn(`${withAnAnswer} ${withASighting}`), reasonsThat('endsWithASighting'));
  });
});

function under(heading: string): string {
  const { text } = document('docs/outcomes.md');
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  assert.notEqual(section, '', heading);
  return section.replace(/\n## [^]*/, '').replaceAll('\n', ' ');
}

function freshMemory(): Memory {
  const input = { merchant: 'default', outTradeNo: 'T1', policy: DEFAULT_POLICY };
  const wishes = { callerSaysPaid: false, hurried: false, refundIfNotCancellable: false };
  return begin({ ...input, ...wishes }, NOW_MS, NOW_MS).state.memory;
}

/** Each call as soon as there is room for it. */
function callsWithin(ms: number): number {
  let memory = freshMemory();
  let calls = 0;
  for (let atMs = NOW_MS; atMs < NOW_MS + ms; atMs = Math.max(atMs, roomAtMs(memory, 1))) {
    memory = spend(memory, 1, atMs);
    calls += 1;
  }
  return calls;
}

function reasonsIn(words: string): readonly string[] {
  return codesIn(words)
    .filter((word) => Object.hasOwn(OperatorReason, word))
    .toSorted(alphabetically);
}

function reasonsThat(which: 'endsWithAnAnswer' | 'endsWithASighting'): readonly string[] {
  return Object.values(OperatorReason)
    .filter((reason) => OPERATOR_REASONS[reason][which])
    .toSorted(alphabetically);
}

function alphabetically(a: string, b: string): number {
  return a < b ? -1 : 1;
}
