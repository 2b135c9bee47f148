/** Goal: a decision can be named, and whether it still holds is said beside it. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { document, documents } from './documents.ts';

const FORM = /^\*\*ADR-(\d+), (accepted|superseded by ADR-(\d+))\. \S/;
const DECISIONS = document('docs/decisions.md')
  .text.split(/\n{2,}/)
  .filter((paragraph) => paragraph.includes('**'));

interface Decision {
  readonly id: number;
  readonly supersededBy?: number;
}

function read(paragraph: string): Decision {
  const [, id, , supersededBy] = FORM.exec(paragraph) ?? [];
  assert.ok(id !== undefined, `a decision begins like "**ADR-1, accepted. ", not "${paragraph.slice(0, 60)}"`);
  return { id: Number(id), ...(supersededBy === undefined ? {} : { supersededBy: Number(supersededBy) }) };
}

describe('docs/decisions.md', () => {
  it('gives each decision an id, counted from 1 in the order in which they were made, and a state', () => {
    const ids = DECISIONS.map((paragraph) => read(paragraph).id);
    assert.ok(ids.length > 50);
    assert.deepEqual(
      ids,
      ids.map((_, index) => index + 1),
    );
  });

  it('has one paragraph for each', () => {
    for (const paragraph of DECISIONS) assert.equal(paragraph.match(/^\*\*ADR-/gm)?.length, 1, paragraph.slice(0, 60));
  });

  it('names a later decision, which is there, where one is superseded', () => {
    for (const { id, supersededBy = id + 1 } of DECISIONS.map(read).filter((one) => one.supersededBy !== undefined))
      assert.ok(supersededBy > id && supersededBy <= DECISIONS.length, `ADR-${id}`);
  });

  it('has every decision that another document names', () => {
    for (const { name, text } of documents) {
      for (const [whole, id] of text.matchAll(/\bADR-(\d+)/g))
        assert.ok(Number(id) >= 1 && Number(id) <= DECISIONS.length, `${name}: ${whole}`);
    }
  });
});
