/**
 * What is mutated, and by which tests it is judged. In parts, because a mutant of what is made once, as a module loads, is judged by
 * every test of its part, in a process of its own.
 */
export interface Part {
  readonly name: string;
  readonly mutate: readonly string[];
  /** Names of tests in `test/`, as a glob. */
  readonly tests: readonly string[];
  /** In `npm run test:full` too, not only in `npm run stryker`. */
  readonly short: boolean;
}

export const PARTS: readonly Part[] = [
  { name: 'decide', mutate: ['resolution/*.ts'], tests: ['resolution/*'], short: true },
  { name: 'observe', mutate: ['activities/*.ts'], tests: ['gateway/activities', 'gateway/poll'], short: true },
  {
    name: 'classify',
    mutate: ['alipay/classification.ts', 'alipay/failed-call.ts', 'alipay/reply.ts'],
    tests: ['gateway/classification', 'gateway/failed-call', 'gateway/reply'],
    short: true,
  },
  {
    name: 'read-fields',
    mutate: ['alipay/answer-fields.ts', 'alipay/fields.ts'],
    tests: ['gateway/answer-fields', 'gateway/reply'],
    short: false,
  },
  {
    name: 'table-of-codes',
    mutate: ['alipay/codes.ts', 'alipay/pay-verdict.ts'],
    tests: ['gateway/codes', 'gateway/pay-verdict'],
    short: false,
  },
];

/** Of all mutants that are not ignored (`prose.ts`). */
export const SCORE_MIN = 95;

/** What is copied to where Stryker compiles and runs. */
export const COPIED: readonly string[] = [
  'package.json',
  'tsconfig.json',
  ...['contract', 'resolution', 'alipay', 'activities'].map((module) => `${module}/*.ts`),
  'test/repository-root.ts',
  'test/resolution/*.ts',
  'test/gateway/*.ts',
];
