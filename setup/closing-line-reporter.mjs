// @ts-check
/**
 * Mocha's own `spec` reporter, with what the closing line and the table of slow files need: given to the process that started mocha
 * where that asked for it (it prints them when all else has been said), otherwise printed here.
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import Mocha from 'mocha';
import { closingLine } from './closing-line.mjs';
import { Handed } from './environment.mjs';
import { inProject } from './places.mjs';

export default class ClosingLineReporter extends Mocha.reporters.Spec {
  /**
   * @param {Mocha.Runner} runner
   * @param {Mocha.MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    const { EVENT_RUN_END, EVENT_SUITE_BEGIN, EVENT_SUITE_END } = Mocha.Runner.constants;
    /** @type {Record<string, number>} */
    const msOfFile = {};
    let beganAtMs = 0;
    runner.on(EVENT_SUITE_BEGIN, (suite) => {
      if (suite.parent?.root) beganAtMs = performance.now();
    });
    runner.on(EVENT_SUITE_END, (suite) => {
      if (!suite.parent?.root || suite.file === undefined) return;
      const file = sourceOf(suite.file);
      msOfFile[file] = (msOfFile[file] ?? 0) + performance.now() - beganAtMs;
    });
    runner.once(EVENT_RUN_END, () => {
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      const counts = { passed: passes, failed: failures, skipped: pending };
      const countsFile = process.env[Handed.testCounts];
      if (countsFile) writeFileSync(countsFile, JSON.stringify({ ...counts, msOfFile }));
      else process.stdout.write(`${closingLine(counts)}\n`);
    });
  }
}

/** @param {string} compiled */
function sourceOf(compiled) {
  return relative(inProject('dist'), compiled).replaceAll('\\', '/').replace(/\.js$/, '.ts');
}
