/** Goal: the document says what each thing that can come of a notification is answered with. Method: its table beside the code. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { FormFlaw } from '../../alipay/notification-form.ts';
import { KEYS_TRIED_MAX } from '../../client/notified-merchants.ts';
import { NotificationFlaw, NotOurs } from '../../client/verified-notification.ts';
import type { NotificationResult } from '../../client/notification.ts';
import type { Reception } from '../../client/notification-receiver.ts';
import { MERCHANTS_WOKEN_MAX } from '../../client/merchant-search.ts';
import { codesIn, document, tableOf } from '../docs/documents.ts';

type Coarse = 'refused' | 'notOurs' | 'notTaken';
type UntakenReason = Extract<Reception, { kind: 'notTaken' }>['reason'];

/** The compiler holds these whole. */
const KINDS: { readonly [K in Exclude<NotificationResult['kind'], Coarse>]: 'success' | 'failure' } = {
  woken: 'success',
  repeated: 'success',
  nothingToWake: 'success',
  notRecorded: 'failure',
};
const NOT_TAKEN: { readonly [R in UntakenReason]: 'failure' } = {
  path: 'failure',
  method: 'failure',
  oversized: 'failure',
  slow: 'failure',
  broken: 'failure',
};

describe('docs/contract.md, of notifications', () => {
  const { rows } = tableOf('docs/contract.md', 'What came of it', 'Answer');

  it('lists everything that can come of one, with its answer', () => {
    const listed = rows.flatMap(([came = '', answer = '']) => codesIn(came).map((what) => [what, codesIn(answer)[0]]));
    const all = (names: object, answer: string): string[][] => Object.keys(names).map((name) => [name, answer]);
    const expected = [
      ...Object.entries({ ...KINDS, ...NOT_TAKEN }),
      ...all(NotOurs, 'success'),
      ...all({ ...NotificationFlaw, ...FormFlaw }, 'failure'),
    ];
    const sorted = (pairs: readonly (readonly (string | undefined)[])[]): string[] => pairs.map(String).toSorted();
    assert.deepEqual(sorted(listed), sorted(expected));
  });

  it('counts the keys that are tried and the merchants that are asked for', () => {
    assert.deepEqual([KEYS_TRIED_MAX, MERCHANTS_WOKEN_MAX], [4, 4]);
    const words = document('docs/contract.md').text.replaceAll(/\s+/g, ' ');
    for (const sentence of ['It is four keys at most', 'Up to four merchants can', 'Of more than four open runs'])
      assert.ok(words.includes(sentence), sentence);
  });
});
