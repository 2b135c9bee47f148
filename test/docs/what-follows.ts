/** What a resolution does next with a failed call, in the words of docs/errors.md, found by asking the rules themselves. */
import { classify } from '../../alipay/classification.ts';
import type { CodeRow } from '../../alipay/codes.ts';
import { payVerdictOfCodes } from '../../alipay/pay-verdict.ts';
import type { FailedCall } from '../../contract/answers.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import { DEFAULT_POLICY } from '../../contract/policy.ts';
import { begin, decide, type Observation, type PhaseState, type State } from '../../resolution/index.ts';

/** The interfaces that a resolution calls, with the words for them. */
export const CALLED = { query: 'query', cancel: 'cancel', refund: 'refund', queryRefund: 'refund query' } as const;
export type CallName = keyof typeof CALLED;
export const CALLED_NAMES: readonly CallName[] = ['query', 'cancel', 'refund', 'queryRefund'];

const NOW_MS = Date.parse('2026-11-24T10:30:00Z');
const { state: BEGUN } = begin(
  {
    merchant: 'default',
    outTradeNo: 'T1',
    callerSaysPaid: false,
    hurried: false,
    refundIfNotCancellable: false,
    policy: DEFAULT_POLICY,
  },
  NOW_MS,
  NOW_MS,
);

const QUERYING: PhaseState = { kind: 'querying', untilMs: NOW_MS + 1, step: { kind: 'query' }, asked: 0 };

/** One or two words: what is done next, or the reason for which a person is needed. */
export function whatFollows(called: CallName, failure: FailureClass, subCode?: string): string {
  const answer: FailedCall = {
    kind: 'failed',
    failure,
    detail: 'refused',
    ...(subCode !== undefined && { subCode }),
  };
  switch (called) {
    case 'query': {
      if (failure === FailureClass.business && subCode === 'ACQ.TRADE_NOT_EXIST') return absence();
      const report = { answer, scheduledAtMs: NOW_MS, startedAtMs: NOW_MS, polls: 1, trail: [] };
      return inWords(QUERYING, { kind: 'queried', report });
    }
    case 'cancel':
      return inWords(
        { kind: 'cancelling', step: { kind: 'cancel' } },
        { kind: 'cancelled', report: { answer, scheduledAtMs: NOW_MS } },
      );
    case 'refund':
      return inWords(
        { kind: 'refunding', step: { kind: 'refund' }, round: 1 },
        { kind: 'refunded', report: { answer, scheduledAtMs: NOW_MS } },
      );
    case 'queryRefund': {
      const absent = failure === FailureClass.business && subCode?.endsWith('TRADE_NOT_EXIST') === true;
      const report = { answer: absent ? ({ kind: 'tradeNotExist' } as const) : answer, scheduledAtMs: NOW_MS };
      return inWords({ kind: 'closing', step: { kind: 'queryRefund' }, round: 1 }, { kind: 'refundQueried', report });
    }
  }
}

/** The activity turns a signed ACQ.TRADE_NOT_EXIST into an answer of its own. */
function absence(): string {
  const report = {
    answer: { kind: 'tradeNotExist' } as const,
    scheduledAtMs: NOW_MS,
    startedAtMs: NOW_MS,
    polls: 1,
    trail: [],
  };
  const words = inWords(QUERYING, { kind: 'queried', report });
  return words === 'asked again' ? 'not yet; final after the pay deadline' : words;
}

function inWords(phase: PhaseState, observation: Observation): string {
  return wordsFor(phase, decide({ ...BEGUN, phase }, observation, NOW_MS).state);
}

function wordsFor(before: PhaseState, { phase }: State): string {
  switch (phase.kind) {
    case 'needs-operator':
      return `\`${phase.reason}\``;
    case 'querying':
      return 'asked again';
    case 'cancelling':
      if (phase.step.kind === 'wait') return 'repeated';
      if (phase.step.kind !== 'query' || phase.step.then !== 'park') return phase.step.kind;
      return `\`${phase.step.refusal.reason}\``;
    case 'closing':
      return 'asked again';
    case 'refunding':
      return before.kind === 'refunding' && phase.step.kind === 'wait' && phase.step.then === 'queryRefund'
        ? 'refund query first'
        : 'repeated';
    case 'guarding':
    case 'watching':
    case 'handed-over':
    case 'done':
      return phase.kind;
  }
}

/** The cell of a row of codes: every called interface whose answers this row explains. A row of any prefix is asked about with the one that Alipay writes. */
export function whatFollowsRow(row: CodeRow): string {
  const called = CALLED_NAMES.filter((name) => explains(row, name));
  if (called.length === 0) return explains(row, 'pay') ? verdictOfPay(row) : 'not called by a resolution';
  const subCode = row.code === '*' && !row.subCode.includes('.') ? `ACQ.${row.subCode}` : row.subCode;
  const cells = called.map((name) => ({ name, words: whatFollows(name, row.failure, subCode) }));
  if (cells.every(({ name, words }) => words === whatFollows(name, row.failure))) return 'as its class';
  return cells.map(({ name, words }) => `${CALLED[name]}: ${words}`).join('; ');
}

function verdictOfPay({ code, subCode }: CodeRow): string {
  return `pay: \`${payVerdictOfCodes({ code, subCode, isSigned: true })}\``;
}

function explains(row: CodeRow, name: CallName | 'pay'): boolean {
  const code = row.code === '*' ? '40004' : row.code;
  const subCode = row.subCode === '*' ? {} : { subCode: row.subCode };
  if (row.interfaces.length > 0 && !row.interfaces.includes(name)) return false;
  return classify({ interface: name, code, ...subCode, isSigned: true }).row === row;
}
