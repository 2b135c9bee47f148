/** Keeps a record of what truly reached the rules, beside their own memory; it shares no code with them. */
import { WHOLE_AMOUNT } from './answers.ts';
import type { Command, Observation } from '../../resolution/index.ts';
import type { QueryReport } from '../../contract/activities.ts';
import { TradeStatus } from '../../contract/trade.ts';
import { NOTHING_HAPPENED, type PastEvents, payableUntilMs, type Signed, type World } from './world.ts';
import { DENIALS_APART_MS, type Setting } from './settings.ts';
import type { CancelAnswer, QueryAnswer, RefundQueryAnswer, RefundAnswer, SeenTrade } from '../../contract/answers.ts';
import { fenFromYuan } from '../../contract/money.ts';

export function happenedAfter(world: World, observation: Observation): PastEvents {
  const { happened } = world;
  switch (observation.kind) {
    case 'decidedManually':
      return observation.manualDecision.kind === 'refund' && happened.refundOrder === 'none'
        ? followed({ ...happened, refundOrder: 'asked' })
        : happened;
    case 'payAnswered':
      return followed({ ...happened, paidSaid: happened.paidSaid || observation.answer === 'paid' });
    case 'reset':
      return followed(afterReset(happened));
    case 'queried':
      return afterAnswer(
        { ...happened, ...denied(world, observation.report), refundOrder: orderAfter(world, observation.report) },
        saidByQuery(observation.report.answer),
        observation.report.answer,
      );
    case 'cancelled':
      return afterAnswer(happened, saidByCancel(observation.report.answer), observation.report.answer);
    case 'refunded':
      return afterAnswer(happened, saidByRefund(observation.report.answer), observation.report.answer);
    case 'refundQueried':
      return afterAnswer(happened, saidByRefundQuery(observation.report.answer), observation.report.answer);
    case 'interrupted':
    case 'waited':
    case 'lookNow':
    case 'cancelNow':
      return happened;
  }
}

/** What was sent was sent; what was read is forgotten. */
function afterReset({ cancelSent, refundSent, refundOrder }: PastEvents): PastEvents {
  return { ...NOTHING_HAPPENED, cancelSent, refundSent, refundOrder, wasReset: true };
}

/** Two denials count for the refund query that is asked right after the second one, and for no later one. */
export function happenedBefore(happened: PastEvents, command: Command): PastEvents {
  return happened.deniedAgain && command.kind !== 'queryRefund'
    ? followed({ ...happened, deniedAgain: false })
    : happened;
}

function denied(
  { happened: { deniedAtMs }, setting, nowMs }: World,
  { answer, scheduledAtMs }: QueryReport,
): Pick<PastEvents, 'deniedAtMs' | 'deniedAgain'> {
  const counts = answer.kind === 'tradeNotExist' && scheduledAtMs >= payableUntilMs(setting);
  if (!counts) return { deniedAtMs, deniedAgain: false };
  if (deniedAtMs === undefined) return { deniedAtMs: nowMs, deniedAgain: false };
  return { deniedAtMs, deniedAgain: scheduledAtMs >= deniedAtMs + DENIALS_APART_MS };
}

/** An answer that shows the trade otherwise than paid, or another trade, speaks against a refund; an old one does not decide. */
function orderAfter(
  { happened, setting, nowMs }: World,
  { answer, scheduledAtMs }: QueryReport,
): PastEvents['refundOrder'] {
  if (happened.refundOrder !== 'asked' || nowMs - scheduledAtMs > FRESH_MS) return happened.refundOrder;
  if (answer.kind !== 'trade') return 'stands';
  return isOurs(setting, answer) && answer.tradeStatus === TradeStatus.TRADE_SUCCESS ? 'stands' : 'none';
}

/** Money moves on an answer that is no older than this. */
const FRESH_MS = 300_000;

/** A cancel leaves us. */
export function cancelIsSent(happened: PastEvents): PastEvents {
  return happened.cancelSent ? happened : followed({ ...happened, cancelSent: true });
}

type SomeAnswer = CancelAnswer | QueryAnswer | RefundQueryAnswer | RefundAnswer;

function afterAnswer(happened: PastEvents, says: Signed | undefined, answer: SomeAnswer): PastEvents {
  const { kind, failure = '' } = answer.kind === 'failed' ? answer : { kind: answer.kind };
  const verified = kind !== 'failed' || failure === 'business' || failure === 'rejected';
  const tells = says !== undefined && !(says === 'absent' && happened.seen) && !isOldNews(happened, says);
  return followed({
    ...happened,
    signed: tells ? says : happened.signed,
    seen: happened.seen || (says !== undefined && says !== 'absent'),
    paidShown: happened.paidShown || says === 'paid' || showsPayment(answer),
    unverified: verified ? false : happened.unverified || failure === 'forged' || failure === 'notOurs',
  });
}

/** Beside what says that it is paid. */
function showsPayment(answer: SomeAnswer): boolean {
  switch (answer.kind) {
    case 'trade':
      return answer.sendPayDate !== undefined;
    case 'answered':
      return 'action' in answer && answer.action === 'refund';
    case 'failed':
      return answer.subCode === 'ACQ.REASON_TRADE_REFUND_FEE_ERR';
    case 'refund':
      return answer.found !== 'nothing';
    case 'tradeNotExist':
      return false;
  }
}

/** TRADE_CLOSED is final: what a lagging replica says later is old. That a trade exists is no news of one that was shown. */
function isOldNews({ signed }: PastEvents, says: Signed): boolean {
  if (says === 'shown') return signed !== 'nothing' && signed !== 'absent';
  return signed === 'closed' && says !== 'closed';
}

/** What no invariant asks for any more is not kept; nor is a new object made of what is the same. */
function followed(happened: PastEvents): PastEvents {
  const { cancelSent, seen } = happened;
  const kept: PastEvents = {
    ...happened,
    unverified: happened.unverified && !cancelSent,
    paidSaid: happened.paidSaid && !(cancelSent && seen),
    deniedAtMs: seen ? undefined : happened.deniedAtMs,
    deniedAgain: happened.deniedAgain && !seen,
  };
  const code = codeOf(kept);
  let one = all.get(code);
  if (one === undefined) {
    if (all.size === ALL_MAX) all.clear();
    all.set(code, (one = kept));
  }
  return one;
}

const all = new Map<number, PastEvents>();
/** A real clock makes ever new ones. */
const ALL_MAX = 100_000;

/** Its text would tell it as well, and take some eight hundredths of the whole search. A new field has its place here or does not compile. */
function codeOf(happened: PastEvents): number {
  let flags = 0;
  for (const flag of FLAGS) if (happened[flag]) flags |= BITS[flag];
  const { signed, refundOrder, deniedAtMs } = happened;
  const words = (flags * SIGNED_CODES + CODE_OF_SIGNED[signed]) * ORDER_CODES + CODE_OF_ORDER[refundOrder];
  // Fewer than 2 ** 13 of them; an instant takes fewer than 2 ** 40 ms.
  return words * INSTANTS + (deniedAtMs === undefined ? 0 : 1 + deniedAtMs);
}

type Flag = Exclude<keyof PastEvents, 'signed' | 'refundOrder' | 'deniedAtMs'>;
const BITS: { readonly [F in Flag]: number } = {
  cancelSent: 1,
  refundSent: 2,
  seen: 4,
  paidShown: 8,
  deniedAgain: 16,
  unverified: 32,
  paidSaid: 64,
  wasReset: 128,
};
const FLAGS = Object.keys(BITS) as readonly Flag[];
const CODE_OF_SIGNED: { readonly [S in Signed]: number } = {
  nothing: 0,
  absent: 1,
  shown: 2,
  open: 3,
  paid: 4,
  acted: 5,
  closed: 6,
};
const SIGNED_CODES = 7;
const CODE_OF_ORDER: { readonly [O in PastEvents['refundOrder']]: number } = { none: 0, asked: 1, stands: 2 };
const ORDER_CODES = 3;
const INSTANTS = 2 ** 40;

function saidByQuery(answer: QueryAnswer): Signed | undefined {
  if (answer.kind === 'failed') return undefined;
  return answer.kind === 'tradeNotExist' ? 'absent' : signedBy(answer.tradeStatus);
}

function saidByCancel(answer: CancelAnswer): Signed | undefined {
  if (answer.action !== undefined) return 'acted';
  if (answer.kind === 'failed') return SAID_BY_REFUSAL[answer.subCode ?? ''];
  return answer.retryFlag === 'N' ? 'absent' : undefined;
}

function saidByRefund(answer: RefundAnswer): Signed | undefined {
  if (answer.kind === 'failed') return SAID_BY_REFUSAL[answer.subCode ?? ''];
  return answer.fundChange ? 'closed' : undefined;
}

/** A refund that is found was one of a paid trade; all of it went back where it is done over the whole amount, or over one that is not said. */
function saidByRefundQuery(answer: RefundQueryAnswer): Signed | undefined {
  if (answer.kind === 'refund') {
    if (answer.found === 'nothing') return undefined;
    const ofAll = answer.refundAmount === undefined || answer.refundAmount === WHOLE_AMOUNT;
    return answer.found === 'done' && ofAll ? 'acted' : 'paid';
  }
  return answer.kind === 'failed' ? undefined : 'absent';
}

const SAID_BY_REFUSAL: { readonly [subCode: string]: Signed | undefined } = {
  'ACQ.SELLER_BALANCE_NOT_ENOUGH': 'paid',
  'ACQ.REASON_TRADE_BEEN_FREEZEN': 'paid',
  'ACQ.TRADE_HAS_FINISHED': 'paid',
  'ACQ.REASON_TRADE_REFUND_FEE_ERR': 'shown',
  'ACQ.CANCEL_NOT_ALLOWED': 'shown',
  'ACQ.TRADE_CANCEL_TIME_OUT': 'shown',
  'ACQ.TRADE_HAS_CLOSE': 'closed',
  'ACQ.TRADE_NOT_EXIST': 'absent',
};

/** The numbers and the amount are those of the start. */
export function isOurs(setting: Setting, answer: SeenTrade): boolean {
  let ours = known.get(answer);
  if (ours === undefined) known.set(answer, (ours = compared(setting, answer)));
  return ours;
}

/** Every answer belongs to one setting. */
const known = new WeakMap<SeenTrade, boolean>();

function compared({ input }: Setting, answer: SeenTrade): boolean {
  return (
    (input.tradeNo === undefined || input.tradeNo === answer.tradeNo) &&
    (input.totalFen === undefined || input.totalFen === fenFromYuan(answer.totalAmount))
  );
}

export function signedBy(status: TradeStatus): Signed {
  switch (status) {
    case TradeStatus.WAIT_BUYER_PAY:
      return 'open';
    case TradeStatus.TRADE_SUCCESS:
    case TradeStatus.TRADE_FINISHED:
      return 'paid';
    case TradeStatus.TRADE_CLOSED:
      return 'closed';
  }
}
