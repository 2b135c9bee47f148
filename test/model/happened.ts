/** Keeps a record of what truly reached the rules, beside their own memory; it shares no code with them. */
import { WHOLE_AMOUNT } from './answers.ts';
import type { Observation } from '../../resolution/index.ts';
import { TradeStatus } from '../../contract/trade.ts';
import type { Happened, Signed, World } from './world.ts';
import type { Setting } from './settings.ts';
import type { CancelAnswer, QueryAnswer, RefundAnswer, RefundCallAnswer, SeenTrade } from '../../contract/answers.ts';
import { fenFromYuan } from '../../contract/money.ts';

export function happenedAfter(world: World, observation: Observation): Happened {
  const { happened } = world;
  switch (observation.kind) {
    case 'settled':
      return 'refund' in observation.settlement ? { ...happened, refundOrdered: true } : happened;
    case 'payAnswered':
      return followed({ ...happened, paidSaid: happened.paidSaid || observation.answer === 'paid' });
    case 'reset':
      return { ...happened, signed: 'nothing', seen: false, unverified: false, paidSaid: false, wasReset: true };
    case 'queried':
      return afterAnswer(happened, saidByQuery(observation.report.answer), observation.report.answer);
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

/** A cancel leaves us. */
export function cancelIsSent(happened: Happened): Happened {
  return happened.cancelSent ? happened : followed({ ...happened, cancelSent: true });
}

type SomeAnswer = { readonly kind: string; readonly failure?: string };

function afterAnswer(happened: Happened, says: Signed | undefined, { kind, failure = '' }: SomeAnswer): Happened {
  const verified = kind !== 'failed' || failure === 'business' || failure === 'rejected';
  const tells = says !== undefined && !(says === 'absent' && happened.seen) && !isOldNews(happened, says);
  return followed({
    ...happened,
    signed: tells ? says : happened.signed,
    seen: happened.seen || (says !== undefined && says !== 'absent'),
    unverified: verified ? false : happened.unverified || failure === 'forged' || failure === 'notOurs',
  });
}

/** TRADE_CLOSED is final: what a lagging replica says later is old. That a trade exists is no news of one that was shown. */
function isOldNews({ signed }: Happened, says: Signed): boolean {
  if (says === 'shown') return signed !== 'nothing' && signed !== 'absent';
  return signed === 'closed' && says !== 'closed';
}

/** What no invariant asks for any more is not kept; nor is a new object made of what is the same. */
function followed(happened: Happened): Happened {
  const { cancelSent, seen } = happened;
  const kept: Happened = {
    ...happened,
    unverified: happened.unverified && !cancelSent,
    paidSaid: happened.paidSaid && !(cancelSent && seen),
  };
  const text = JSON.stringify(kept);
  let one = all.get(text);
  if (one === undefined) all.set(text, (one = kept));
  return one;
}

const all = new Map<string, Happened>();

function saidByQuery(answer: QueryAnswer): Signed | undefined {
  if (answer.kind === 'failed') return undefined;
  return answer.kind === 'tradeNotExist' ? 'absent' : signedBy(answer.tradeStatus);
}

function saidByCancel(answer: CancelAnswer): Signed | undefined {
  if (answer.action !== undefined) return 'acted';
  if (answer.kind === 'failed') return SAID_BY_REFUSAL[answer.subCode ?? ''];
  return answer.retryFlag === 'N' ? 'absent' : undefined;
}

function saidByRefund(answer: RefundCallAnswer): Signed | undefined {
  if (answer.kind === 'failed') return SAID_BY_REFUSAL[answer.subCode ?? ''];
  return answer.fundChange ? 'closed' : undefined;
}

/** A refund that is found was one of a paid trade; all of it went back where it is done over the whole amount, or over one that is not said. */
function saidByRefundQuery(answer: RefundAnswer): Signed | undefined {
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
