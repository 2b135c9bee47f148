/** What each report adds to the memory of a trade. Facts only; what they mean is decided in `decide.ts`. */
import { DEFAULT_PAY_VALIDITY_MS } from '../contract/policy.ts';
import type { ParsedInput } from '../contract/resolution-input.ts';
import type { QueryReport, RefundQueryReport } from '../contract/activities.ts';
import { knownOf } from '../contract/activities.ts';
import type { QueryAnswer, SeenTrade } from '../contract/answers.ts';
import { FailureClass } from '../contract/failure-class.ts';
import { fenFromYuan } from '../contract/money.ts';
import { TradeStatus } from '../contract/trade.ts';
import { absenceProvenAtMs } from './evidence.ts';
import { FAILED_CALLS } from './failed-calls.ts';
import { LIMITED_MS, spend, spendOnQuery } from './pace.ts';
import { saidByQuery, saidByRefundQuery } from './signed.ts';
import type { Memory, Signed, SignedWord } from './state.ts';

export function newMemory(input: ParsedInput, startedAtMs: number, nowMs: number): Memory {
  const payRequestedAtMs = input.payRequestedAtMs ?? startedAtMs;
  const guardUntilMs = input.guardUntilMs ?? startedAtMs;
  const earliestMs = Math.max(startedAtMs, guardUntilMs);
  // A guarded pay call leaves as late as the end of the guard.
  const lastRequestMs = input.guardUntilMs === undefined ? payRequestedAtMs : Math.max(payRequestedAtMs, guardUntilMs);
  const givenMs = input.payExpiresAtMs ?? lastRequestMs + DEFAULT_PAY_VALIDITY_MS;
  return {
    merchant: input.merchant,
    ...(input.outTradeNo !== undefined && { outTradeNo: input.outTradeNo }),
    ...(input.tradeNo !== undefined && { tradeNo: input.tradeNo }),
    ...(input.totalFen !== undefined && { totalFen: input.totalFen }),
    startedAtMs,
    payRequestedAtMs,
    payDeadlineAtMs: Math.max(givenMs, earliestMs),
    ...(input.payExpiresAtMs !== undefined && givenMs < earliestMs && { disbelievedDeadlineAtMs: givenMs }),
    policy: input.policy,
    polls: 0,
    silentSinceMs: nowMs,
    unverified: false,
    pacedAtMs: nowMs,
    lookWanted: false,
    everPaid: false,
    maybePaid: false,
    seen: false,
    strangerSeen: false,
    cancelCount: 0,
    cancels: [],
    actions: [],
    closedByFirstCancel: false,
    cancelDenied: false,
    cancelMayHaveReached: false,
    refundIfNotCancellable: input.refundIfNotCancellable,
    refundBegun: false,
    refundMayHaveReached: false,
    callerSaysPaid: input.callerSaysPaid,
    hurried: input.hurried,
    wasReset: false,
  };
}

/** `ours` is false for an answer about a trade of another number or amount: it exists, but nothing of it is a fact of this one. */
export function rememberQuery(before: Memory, report: QueryReport, ours: boolean, nowMs: number): Memory {
  const { answer } = report;
  const failed = answer.kind === 'failed' ? answer : undefined;
  const memory = said(spendOnQuery(before, report), saidByQuery(answer), report.scheduledAtMs);
  return {
    ...memory,
    polls: memory.polls + report.polls,
    lastAnswer: {
      ...knownOf(answer),
      atMs: report.scheduledAtMs,
      ...(failed !== undefined && { detail: failed.detail }),
    },
    ...heard(memory, answer, lastReadableMs(report), nowMs),
    seen: memory.seen || answer.kind === 'trade',
    strangerSeen: memory.strangerSeen || !ours,
    maybePaid: memory.maybePaid || (answer.kind === 'trade' && provesPayment(answer.tradeStatus, answer.sendPayDate)),
    ...provenAbsence(memory, report, nowMs),
    ...(answer.kind === 'trade' && ours && shown(memory, answer, report.scheduledAtMs)),
  };
}

function shown(memory: Memory, trade: SeenTrade, scheduledAtMs: number): Partial<Memory> {
  const { outTradeNo, tradeNo, tradeStatus, totalAmount, sendPayDate } = trade;
  const seenFen = fenFromYuan(totalAmount);
  return {
    outTradeNo: memory.outTradeNo ?? outTradeNo,
    tradeNo,
    tradeStatus,
    tradeStatusAtMs: scheduledAtMs,
    ...(seenFen !== undefined && { seenFen }),
    everPaid: memory.everPaid || provesPayment(tradeStatus, sendPayDate),
  };
}

/** What signed answers have shown to a run that hands over; it has sent no cancel and no refund. */
export function shownIn(known: Memory): Partial<Memory> {
  const { polls, lastAnswer, tradeNo, tradeStatus, tradeStatusAtMs, seenFen, everPaid, maybePaid, seen } = known;
  const { strangerSeen, signed, unverified, callerSaysPaid, hurried } = known;
  return {
    polls,
    everPaid,
    maybePaid,
    seen,
    strangerSeen,
    unverified,
    callerSaysPaid,
    hurried,
    ...(lastAnswer !== undefined && { lastAnswer }),
    ...(tradeNo !== undefined && { tradeNo }),
    ...(tradeStatus !== undefined && { tradeStatus }),
    ...(tradeStatusAtMs !== undefined && { tradeStatusAtMs }),
    ...(seenFen !== undefined && { seenFen }),
    ...(signed !== undefined && { signed }),
  };
}

export function rememberRefundQuery(
  before: Memory,
  { answer, scheduledAtMs }: RefundQueryReport,
  nowMs: number,
): Memory {
  const wholeFen = before.seenFen ?? before.totalFen;
  const memory = said(spend(before, 1, scheduledAtMs), saidByRefundQuery(answer, wholeFen), scheduledAtMs);
  const found = answer.kind === 'refund' && answer.found !== 'nothing';
  return {
    ...memory,
    ...heard(memory, answer, undefined, nowMs),
    seen: memory.seen || found || (answer.kind === 'refund' && answer.tradeNo !== undefined),
    everPaid: memory.everPaid || (answer.kind === 'refund' && answer.found === 'done'),
    maybePaid: memory.maybePaid || found,
  };
}

/**
 * A denial of a trade that was shown before is no information. Nor does anything undo TRADE_CLOSED, which is final (A2); nor, for as long as the
 * margin, an `action`: what a replica that lags says then is old. TRADE_FINISHED is final too: no cancel has touched that trade.
 */
export function said(memory: Memory, says: SignedWord | undefined, atMs: number): Memory {
  if (says === undefined || (says === 'absent' && memory.seen)) return memory;
  if (memory.signed !== undefined && !isClosed(says) && isFinal(memory.signed, memory, { says, atMs })) return memory;
  if (says === 'exists' && memory.signed !== undefined && memory.signed.says !== 'absent') return memory;
  return { ...memory, signed: { says, atMs } };
}

function isFinal({ says, atMs: saidAtMs }: Signed, { policy }: Memory, now: Signed): boolean {
  return says === 'closed' || (isClosed(says) && now.says !== 'finished' && now.atMs < saidAtMs + policy.marginMs);
}

export function isClosed(says: SignedWord | undefined): boolean {
  return says === 'closed' || says === 'closedUnpaid' || says === 'refunded';
}

type Readable = QueryAnswer | { readonly kind: 'answered' | 'refund' };

/** Whether Alipay can be read: what `unverified`, `silentSinceMs` and `limitedUntilMs` say. */
export function heard(
  memory: Memory,
  answer: Readable,
  lastReadableBeforeMs: number | undefined,
  nowMs: number,
): Pick<Memory, 'unverified' | 'silentSinceMs'> & { limitedUntilMs?: number } {
  const readable = isReadable(answer);
  const failure = answer.kind === 'failed' ? answer.failure : undefined;
  return {
    unverified: readable ? false : memory.unverified || UNVERIFIED.includes(failure),
    silentSinceMs: readable ? nowMs : Math.max(memory.silentSinceMs, lastReadableBeforeMs ?? 0),
    ...(failure === FailureClass.limited && { limitedUntilMs: nowMs + LIMITED_MS }),
  };
}

const UNVERIFIED: readonly (FailureClass | undefined)[] = [FailureClass.forged, FailureClass.notOurs];

/** Alipay's own signed word. */
export function isReadable(answer: Readable): boolean {
  return answer.kind !== 'failed' || FAILED_CALLS[answer.failure].isSignedWord;
}

/** When a poll that ended with a failure was last answered; of a long poll the latest records are kept. */
function lastReadableMs({ trail }: QueryReport): number | undefined {
  const at = trail.findLast(({ answer }) => answer === 'TRADE_NOT_EXIST' || Object.hasOwn(TradeStatus, answer))?.at;
  return at === undefined ? undefined : Date.parse(at);
}

/** By the time of reading: the call may have been scheduled long before it was answered. */
function provenAbsence(
  memory: Memory,
  { answer, scheduledAtMs }: QueryReport,
  nowMs: number,
): { provenAbsenceAtMs?: number } {
  const first =
    memory.provenAbsenceAtMs === undefined &&
    answer.kind === 'tradeNotExist' &&
    scheduledAtMs >= absenceProvenAtMs(memory);
  return first ? { provenAbsenceAtMs: nowMs } : {};
}

function provesPayment(status: TradeStatus, sendPayDate: string | undefined): boolean {
  return status === TradeStatus.TRADE_SUCCESS || status === TradeStatus.TRADE_FINISHED || sendPayDate !== undefined;
}
