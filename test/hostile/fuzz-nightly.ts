/**
 * The nightly run: the targets of `fuzz.test.ts`, guided by coverage. An input that reaches a block of our code which none before it has
 * reached, or reaches one far more often, is kept and damaged further.
 *
 *     node dist/test/hostile/fuzz-nightly.js            all three readers, FUZZ_MINUTES (10) in all
 *     FUZZ_SEED=7 FUZZ_TARGET=key node ...              once more, and only one of them
 *     FUZZ_INPUT=base64 FUZZ_TARGET=key node ...        one input, as a failure has printed it
 *
 * The keys are new in each process: a seed repeats the shape of a run, not the bytes of its signatures.
 */
import process from 'node:process';
import fc from 'fast-check';

import { startCoverage } from './coverage.ts';
import { inputsOf, mutationsOf } from './fuzz-grammar.ts';
import { FUZZ_TARGETS, type FuzzTargetName } from './fuzz-targets.ts';

/** Counting blocks costs far more than reading an input: so many are read between two counts. */
const BATCH = 20;
/** Chosen: more would be drawn too seldom to matter. */
const KEPT_MAX = 5_000;
const REPORT_EVERY_MS = 60_000;

const seed = Number(process.env['FUZZ_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));
const minutes = Number(process.env['FUZZ_MINUTES'] ?? 10);
const onlyTarget = process.env['FUZZ_TARGET'] as FuzzTargetName | undefined;
const oneInput = process.env['FUZZ_INPUT'];
const names = onlyTarget === undefined ? (Object.keys(FUZZ_TARGETS) as FuzzTargetName[]) : [onlyTarget];

if (oneInput === undefined) {
  say(`FUZZ_SEED=${seed}, ${minutes} minutes`);
  for (const name of names) fuzz(name, (minutes * 60_000) / names.length);
  say('0 crashes, 0 broken promises');
} else {
  for (const name of names) say(`${name}: ${FUZZ_TARGETS[name].run(Buffer.from(oneInput, 'base64'))}`);
}

function fuzz(name: FuzzTargetName, forMs: number): void {
  const coverage = startCoverage(['alipay', 'client', 'contract']);
  const seen = new Set<string>();
  const kept: Uint8Array[] = [];
  const results = new Map<string, number>();
  const fresh = fc.sample(inputsOf(name), { numRuns: 500, seed });
  const startedMs = performance.now();
  let reportedMs = startedMs;
  let inputs = 0;

  const run = (input: Uint8Array): void => {
    inputs += 1;
    const result = runOrTell(name, input);
    results.set(result, (results.get(result) ?? 0) + 1);
  };
  const isNew = (input: Uint8Array): boolean => {
    coverage.take();
    run(input);
    const before = seen.size;
    for (const block of coverage.take()) seen.add(block);
    return seen.size > before;
  };
  for (const input of fresh) if (isNew(input)) kept.push(input);

  for (let round = 0; performance.now() - startedMs < forMs; round += 1) {
    const batch = fc.sample(mutationsOf(name, kept), { numRuns: BATCH, seed: seed + round });
    coverage.take();
    for (const input of batch) run(input);
    if (coverage.take().some((block) => !seen.has(block)))
      for (const input of batch) if (isNew(input) && kept.length < KEPT_MAX) kept.push(input);
    if (performance.now() - reportedMs < REPORT_EVERY_MS) continue;
    reportedMs = performance.now();
    say(`${name}: ${inputs} inputs, ${seen.size} blocks, ${kept.length} kept`);
  }
  coverage.end();
  const told = [...results].map(([result, count]) => `${result} ${count}`).join(', ');
  say(`${name}: ${inputs} inputs, ${seen.size} blocks, ${kept.length} kept (${told})`);
}

function runOrTell(name: FuzzTargetName, input: Uint8Array): string {
  try {
    return FUZZ_TARGETS[name].run(input);
  } catch (error) {
    say(
      `FAILED. Once more: FUZZ_TARGET=${name} FUZZ_INPUT=${Buffer.from(input).toString('base64')} (FUZZ_SEED=${seed})`,
    );
    throw error;
  }
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
