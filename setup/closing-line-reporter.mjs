/**
 * Mocha's own `spec` reporter, with its counts for the closing line: given to the process that started mocha where
 * that asked for them (it prints the line when all else has been said), otherwise printed here.
 */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { closingLine } from './closing-line.mjs';
import { Handed } from './environment.mjs';

export default class ClosingLineReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = runner.stats;
      const counts = { passed: passes, failed: failures, skipped: pending };
      const countsFile = process.env[Handed.testCounts];
      if (countsFile) writeFileSync(countsFile, JSON.stringify(counts));
      else process.stdout.write(`${closingLine(counts)}\n`);
    });
  }
}
