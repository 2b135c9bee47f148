/**
 * Goal: no rule that decides about money, or says what an answer is worth, can be lost unnoticed. Method: Stryker makes every mistake it
 * knows, one at a time, in the source; each must fail a test that reads like the rule. The parts that take long are left to `npm run stryker`.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { judge } from './judgment.ts';
import { objections, report } from './report.ts';
import { hasStryker, mutantsOf } from './run-stryker.ts';
import { PARTS } from './scope.ts';
import { SURVIVORS } from './survivors.ts';

const RUN_MS_MAX = 15 * 60_000;

describe('A mistake in the source', function () {
  this.timeout(RUN_MS_MAX);
  before(function () {
    if (!hasStryker()) this.skip();
  });

  for (const part of PARTS.filter(({ short }) => short)) {
    it(`in what is to ${part.name} is noticed by a rule test, or listed with the reason why not`, async () => {
      const mutants = await mutantsOf(part);
      const judgment = judge(mutants, SURVIVORS);
      console.log(report(mutants, judgment));
      assert.deepEqual(objections(judgment), []);
    });
  }
});
