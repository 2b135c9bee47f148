/** Goal: what a table of the documents says is what the code says, in both directions. Method: the tables as data, beside the code. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'mocha';
import { ASSUMPTIONS } from '../../assumptions/assumptions.ts';
import { CODES } from '../../alipay/codes.ts';
import { PAY_VERDICTS } from '../../alipay/pay-verdict.ts';
import { ResolutionErrorCode } from '../../client/errors.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import {
  FailureTypes,
  RESOLUTION_QUERY,
  SearchAttributes,
  Signals,
  TASK_QUEUE,
  Updates,
  WORKFLOW_TYPE,
  workflowIdOf,
} from '../../contract/names.ts';
import { DEFAULT_POLICY, POLICY_BOUNDS, type Policy } from '../../contract/policy.ts';
import { DecidedBy, OperatorReason, Outcome, PayAnswer } from '../../contract/resolution.ts';
import {
  ATTEMPT_TIMEOUT_MS,
  CALL_DEADLINE_MS,
  CALL_TURN_MS,
  CANCEL_PICKUP_MS,
  SHUTDOWN_GRACE_MS,
} from '../../contract/timeouts.ts';
import { OPERATOR_REASONS } from '../../resolution/index.ts';
import { MANUAL_DECISION_ROWS } from '../../resolution/manual-decision-table.ts';
import { readMerchantsFile } from '../../worker/merchants-file.ts';
import { settings } from '../../worker/settings.ts';
import { repositoryRoot } from '../repository-root.ts';
import { ERRORS_DOCUMENT, withCodeTables } from './code-tables.ts';
import { codesIn, document, plain, tableOf, type Table } from './documents.ts';
import { CALLED, CALLED_NAMES, whatFollows } from './what-follows.ts';

interface Schema {
  readonly properties: Readonly<Record<string, { readonly enum?: readonly string[] }>>;
  readonly oneOf: readonly { readonly properties: object }[];
}

const schema = (name: string): Schema => JSON.parse(readFileSync(path.join(repositoryRoot, 'contract', name), 'utf8'));
const firstColumn = ({ rows }: Table): readonly string[] => rows.map(([cell = '']) => plain(cell));
const sorted = (names: readonly string[]): readonly string[] => names.toSorted((a, b) => (a < b ? -1 : 1));

describe('docs/contract.md', () => {
  it('gives the names that the code has', () => {
    const names = tableOf('docs/contract.md', 'Thing').rows.map(([, value = '']) => codesIn(value));
    assert.deepEqual(names, [
      [WORKFLOW_TYPE],
      [TASK_QUEUE],
      [workflowIdOf({ merchant: '{merchant}', outTradeNo: '{outTradeNo}' })],
      [workflowIdOf({ merchant: '{merchant}', tradeNo: '{tradeNo}' })],
      [RESOLUTION_QUERY],
      Object.values(Signals),
      Object.values(Updates),
      Object.values(SearchAttributes),
    ]);
  });

  it('has the verdict on every pay answer, with why and from where', () => {
    const expected = PAY_VERDICTS.map(({ answers, verdict, why, source }) => [
      answers.map((answer) => (answer === '*' ? 'any other code' : `\`${answer}\``)).join(', '),
      `\`${verdict}\``,
      why,
      source,
    ]);
    assert.deepEqual(tableOf('docs/contract.md', 'Answer', 'Verdict').rows, expected);
    const verdicts = new Set(PAY_VERDICTS.map(({ verdict }) => verdict));
    assert.deepEqual(sorted([...verdicts]), sorted(Object.values(PayAnswer)));
  });

  it('lists every field of the input and no other', () => {
    const { properties } = schema('resolution-input.schema.json');
    assert.deepEqual(firstColumn(tableOf('docs/contract.md', 'Field', 'Meaning')), Object.keys(properties));
  });

  it('lists every message, and every word that a pay call can be answered with', () => {
    const table = tableOf('docs/contract.md', 'Message');
    assert.deepEqual(firstColumn(table), [RESOLUTION_QUERY, ...Object.values(Signals), ...Object.values(Updates)]);
    const answers = codesIn(table.rows.find(([name]) => name === '`payAnswered`')?.[2] ?? '');
    assert.deepEqual(
      answers,
      Object.values(PayAnswer).map((word) => `"${word}"`),
    );
  });

  it('lists every field of the result and no other', () => {
    const { properties, oneOf } = schema('resolution.schema.json');
    const fields = [...Object.keys(properties), ...oneOf.flatMap((branch) => Object.keys(branch.properties))];
    const listed = tableOf('docs/contract.md', 'Field', 'When').rows.flatMap(([cell = '']) => codesIn(cell));
    assert.deepEqual(sorted(listed), sorted([...new Set(fields)]));
  });
});

describe('docs/outcomes.md', () => {
  it('lists every outcome, and so do both READMEs', () => {
    assert.deepEqual(firstColumn(tableOf('docs/outcomes.md', 'Outcome')), Object.keys(Outcome));
    for (const name of ['README.md', 'README.zh-CN.md']) {
      assert.ok(
        document(name).tables.some((table) => firstColumn(table).join() === Object.keys(Outcome).join()),
        name,
      );
    }
    const { text } = document('docs/outcomes.md');
    for (const who of Object.keys(DecidedBy)) assert.ok(text.includes(`\`${who}\``), who);
  });

  it('lists every phase, in its table and in its picture', () => {
    const phases = schema('resolution.schema.json').properties['phase']?.enum ?? [];
    assert.deepEqual(sorted(firstColumn(tableOf('docs/outcomes.md', 'Phase'))), sorted(phases));
    const picture = document('docs/outcomes.md').blocks.find(({ language }) => language === 'mermaid')?.text ?? '';
    const drawn = [...picture.matchAll(/^ {2}(\S+) --> ([\w[\]*]+)/gm)].flatMap(([, from = '', to = '']) => [from, to]);
    const states = [...new Set(drawn)].filter((state) => state !== '[*]').map((state) => state.replace('_', '-'));
    assert.deepEqual(sorted(states), sorted(phases));
  });

  it('gives for every operator reason what the machine does, whether cancelNow is taken, and the remedy', () => {
    const listed = tableOf('docs/outcomes.md', 'Reason').rows.map(
      ([reason = '', meanwhile = '', cancel = '', remedy]) => [plain(reason), plain(meanwhile), cancel, remedy],
    );
    const expected = Object.entries(OPERATOR_REASONS).map(([reason, { meanwhile, cancelAllowed, remedy }]) => [
      reason,
      meanwhile,
      cancelAllowed ? 'yes' : 'no',
      remedy,
    ]);
    assert.deepEqual(listed, expected);
    assert.deepEqual(sorted(Object.keys(OPERATOR_REASONS)), sorted(Object.keys(OperatorReason)));
  });

  it('gives for every order of an operator what refuses it, row by row, in the order of the code', () => {
    const expected = Object.entries(MANUAL_DECISION_ROWS).flatMap(([order, rows]) =>
      rows.map(({ refusedWhen }) => [order, refusedWhen]),
    );
    const listed = tableOf('docs/outcomes.md', 'Decided as').rows.map(([order = '', when]) => [plain(order), when]);
    assert.deepEqual(listed, expected);
  });
});

describe('docs/errors.md', () => {
  it('lists every class of a failed call, with what the rules do next with it', () => {
    const { header, rows } = tableOf('docs/errors.md', 'Class');
    assert.deepEqual(
      header.slice(2).map((name) => name.toLowerCase()),
      CALLED_NAMES.map((name) => CALLED[name]),
    );
    const expected = Object.values(FailureClass).map((failure) => [
      failure,
      ...CALLED_NAMES.map((called) => whatFollows(called, failure)),
    ]);
    assert.deepEqual(
      rows.map(([failure = '', , ...follows]) => [plain(failure), ...follows]),
      expected,
    );
  });

  it('has the tables of codes as `npm run code-tables` writes them', () => {
    const { text } = document(ERRORS_DOCUMENT);
    assert.equal(text, withCodeTables(text));
    const listed = document(ERRORS_DOCUMENT).tables.filter(({ header }) => header[1] === 'sub_code');
    assert.equal(listed.flatMap(({ rows }) => rows).length, CODES.length);
  });

  it('lists every refusal of ours', () => {
    assert.deepEqual(firstColumn(tableOf('docs/errors.md', 'Type')), Object.values(FailureTypes));
    assert.deepEqual(
      firstColumn(tableOf('docs/errors.md', 'Code', 'Meaning', 'What to do')),
      Object.values(ResolutionErrorCode),
    );
  });
});

describe('docs/configuration.md', () => {
  it('lists every setting of a worker with its meaning, default and unit', () => {
    const { rows } = tableOf('docs/configuration.md', 'Variable');
    assert.deepEqual(
      rows.map(([name = '', ...others]) => [plain(name), ...others]),
      settings.map(({ name, meaning, default: byDefault, unit = '' }) => [name, meaning, byDefault, unit]),
    );
  });

  it('lists every field of the merchants file', () => {
    assert.deepEqual(firstColumn(tableOf('docs/configuration.md', 'Field', 'Needed')), merchantFields());
  });

  it('shows as an example the file that lies in worker/, and certificate mode with known fields only', () => {
    const examples = document('docs/configuration.md').blocks.filter(({ language }) => language === 'json');
    const [keyMode, certificateMode] = examples.map(({ text }) => JSON.parse(text) as unknown);
    const file: unknown = JSON.parse(readFileSync(path.join(repositoryRoot, 'worker/merchants.example.json'), 'utf8'));
    assert.deepEqual(keyMode, file);
    const fields = Object.keys((certificateMode as { merchants: { default: object } }).merchants.default);
    assert.deepEqual(
      fields.filter((field) => !merchantFields().includes(field)),
      [],
    );
  });

  it('lists every field of the policy with its default and bounds', () => {
    const { rows } = tableOf('docs/configuration.md', 'Field', 'Meaning');
    assert.deepEqual(
      rows.map(([name = '', , byDefault, bounds]) => [plain(name), byDefault, bounds]),
      (Object.keys(DEFAULT_POLICY) as (keyof Policy)[]).map((name) => [
        name,
        String(DEFAULT_POLICY[name]),
        POLICY_BOUNDS[name].join(' to '),
      ]),
    );
  });

  it('gives the fixed times of the code', () => {
    const { text } = document('docs/configuration.md');
    const seconds = (ms: number): string => `${ms / 1_000} s`;
    for (const ms of [CALL_TURN_MS, CALL_DEADLINE_MS, ATTEMPT_TIMEOUT_MS, SHUTDOWN_GRACE_MS, CANCEL_PICKUP_MS]) {
      assert.ok(text.slice(text.indexOf('## Fixed times')).includes(seconds(ms)), seconds(ms));
    }
  });
});

describe('docs/correctness.md', () => {
  it('has every row that an experiment of assumptions/ points to', () => {
    const promised = firstColumn(tableOf('docs/correctness.md', '#', 'Promise'));
    const assumed = firstColumn(tableOf('docs/correctness.md', '#', 'Assumption'));
    const { text } = document('docs/correctness.md');
    const questions = [...text.slice(text.indexOf('Open questions')).matchAll(/^(\d+)\. /gm)].map(
      ([, number]) => number,
    );
    for (const { id, section } of ASSUMPTIONS) {
      const number = section.replace(/^\D+ /, '');
      const rows = section.startsWith('A') ? assumed : section.startsWith('promise') ? promised : questions;
      assert.ok(rows.includes(number), `${id}: ${section}`);
    }
  });
});

describe('docs/architecture.md', () => {
  it('has the import table of the test that holds it', () => {
    const test = readFileSync(path.join(repositoryRoot, 'test/architecture/imports.test.ts'), 'utf8');
    const table = test.slice(test.indexOf('MAY_IMPORT'), test.indexOf('EXCEPTIONS'));
    const held = [...table.matchAll(/^ {2}(\w+): \{[^]*?modules: \[([^\]]*)\]/gm)].map(
      ([, module = '', modules = '']) => [module, [...modules.matchAll(/'(\w+)'/g)].map(([, other]) => other)],
    );
    const listed = tableOf('docs/architecture.md', 'Module').rows.map(([module = '', may = '']) => [
      plain(module),
      codesIn(may),
    ]);
    assert.ok(held.length > 5);
    assert.deepEqual(listed, held);
  });

  it('names for each rule a file, and a name that is in it', () => {
    for (const [rule, file = '', name = ''] of tableOf('docs/architecture.md', 'Rule').rows) {
      const code = readFileSync(path.join(repositoryRoot, plain(file)), 'utf8');
      assert.match(code, new RegExp(`\\b${plain(name)}\\b`), rule);
    }
  });
});

/** The reader of the file names its fields when it meets one that it does not know. */
function merchantFields(): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'merchants-'));
  try {
    const file = path.join(folder, 'merchants.json');
    writeFileSync(file, '{ "merchants": { "default": { "nobodyKnowsThis": "x" } } }');
    const read = readMerchantsFile(file);
    const said = read.kind === 'problems' ? read.problems.find((problem) => problem.includes('known: ')) : undefined;
    return said?.replace(/^.*; known: /, '').split(', ') ?? [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
