/** Money crosses edges as a decimal string and is counted in fen: no float in between. */
import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fenFromYuan, yuanFromFen } from '../../contract/money.ts';

describe('Yuan and fen', () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ['0.01', 1],
    ['0.1', 10],
    ['1', 100],
    ['88.88', 8888],
    ['100000000.00', 10_000_000_000],
    ['0', undefined],
    ['0.00', undefined],
    ['00.01', undefined],
    ['.5', undefined],
    ['5.', undefined],
    ['+1', undefined],
    [' 1', undefined],
    ['1,000', undefined],
    ['100000000.01', undefined],
  ];
  for (const [yuan, fen] of rows) {
    it(`"${yuan}" is ${fen === undefined ? 'no amount' : `${fen} fen`}`, () => assert.equal(fenFromYuan(yuan), fen));
  }

  it('every amount survives the way out and back', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10_000_000_000 }), (fen) => fenFromYuan(yuanFromFen(fen)) === fen));
  });

  it('half a fen cannot be written', () => assert.throws(() => yuanFromFen(0.5), RangeError));
});
