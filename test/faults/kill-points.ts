/**
 * The points at which a worker is killed, one trade each. A point is a level that is waited for: a call that the gateway has received
 * and not answered (its answer is held back, so the kill surely falls between "sent" and "recorded"), a call whose answer has just
 * left, or a state of the resolution.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { ResolutionError, ResolutionErrorCode } from '../../client/errors.ts';
import type { ResolutionClient } from '../../client/resolution-client.ts';
import type { ResolutionStatus } from '../../client/status.ts';
import { OperatorReason, Outcome, type Resolution } from '../../contract/resolution.ts';
import type { ResolutionInput } from '../../contract/resolution-input.ts';
import type { FaultStep, TradePlan } from '../../simulator/fault-plan.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { IMPATIENT, until } from '../shop.ts';

export interface Scene {
  readonly outTradeNo: string;
  readonly simulator: Simulator;
  readonly client: ResolutionClient;
  /** What somebody does meanwhile; it may outlast the point. */
  readonly meanwhile: (act: Promise<unknown>) => void;
}

export interface KillPoint {
  readonly name: string;
  readonly plan: TradePlan;
  readonly payableMs?: number;
  readonly input?: () => Partial<ResolutionInput>;
  /**
   * Resolves when it is time, with the number of the call that must still be unanswered after the kill, if that is the point. Absent:
   * the worker is dead before the trade is started.
   */
  readonly reached?: (scene: Scene) => Promise<number | void>;
}

const QUERY = 'alipay.trade.query';
const CANCEL = 'alipay.trade.cancel';
const REFUND = 'alipay.trade.refund';
const REFUND_QUERY = 'alipay.trade.fastpay.refund.query';

/** Longer than it takes to kill a process, shorter than a call's deadline. */
const held: FaultStep = { delayMs: 5_000 };
const ok: FaultStep = {};
const unpaid: TradePlan = { buyerPaysAfterMs: 'never' };
const again: FaultStep = { executed: false, with: { retry_flag: 'Y' } };
const buyerFirst: FaultStep = { buyerPays: 'beforeExecution' };
const refused: FaultStep = { answer: 'refused', subCode: 'ACQ.CANCEL_NOT_ALLOWED', buyerPays: 'beforeExecution' };
const slowCancel = (): Partial<ResolutionInput> => ({
  policy: { ...IMPATIENT, cancelFirstMs: 3_000, cancelCapMs: 3_000 },
});
const patient = (): Partial<ResolutionInput> => ({ policy: { ...IMPATIENT, pollBudgetMs: 60_000 } });

const sent =
  (method: string, count = 1) =>
  async ({ simulator, outTradeNo }: Scene): Promise<number> =>
    (await simulator.callReceived({ method, outTradeNo, count })).number;

/** Looked at as often as can be: the process is to die while it reads the answer. */
const answered =
  (method: string, count = 1) =>
  async ({ simulator, outTradeNo }: Scene): Promise<void> => {
    const call = await simulator.callReceived({ method, outTradeNo, count });
    while (!simulator.ledger().calls.some(({ number, answered: isSaid }) => number === call.number && isSaid))
      await pause(1);
  };

const state =
  (is: (status: ResolutionStatus & { readonly kind: 'open' }) => boolean) =>
  async ({ client, outTradeNo }: Scene): Promise<void> => {
    await until(async () => {
      const status = await client.status({ outTradeNo });
      if (status.kind !== 'open') throw new Error(`${outTradeNo} was over before the kill`);
      return is(status) ? status : undefined;
    });
  };

const phase = (wanted: string, reason?: OperatorReason): ReturnType<typeof state> =>
  state(
    ({ resolution }) =>
      resolution?.phase === wanted &&
      (reason === undefined || ('reason' in resolution && resolution.reason === reason)),
  );
const waitingIn = (wanted: string): ReturnType<typeof state> =>
  state(
    ({ resolution, pending }) => resolution?.phase === wanted && 'nextCheckAt' in resolution && pending.length === 0,
  );
const betweenPolls = (wanted: string): ReturnType<typeof state> =>
  state(
    ({ resolution, pending }) =>
      resolution?.phase === wanted && (pending[0]?.attempt ?? 1) > 1 && pending[0]?.nextAttemptAt !== undefined,
  );

export const KILL_POINTS: readonly KillPoint[] = [
  { name: 'before any worker has seen the start', plan: unpaid },
  { name: 'first query sent', plan: { ...unpaid, query: [held] }, reached: sent(QUERY) },
  { name: 'first query answered', plan: unpaid, reached: answered(QUERY) },
  { name: 'waiting after an answer that was new', plan: unpaid, input: patientThenNot, reached: waitingIn('querying') },
  { name: 'between two polls', plan: unpaid, input: patientThenNot, reached: betweenPolls('querying') },
  { name: 'second query sent', plan: { ...unpaid, query: [ok, held] }, reached: sent(QUERY, 2) },
  { name: 'last query before the cancel answered', plan: unpaid, reached: answered(QUERY, 3) },
  {
    name: 'query that says paid answered',
    plan: { pay: [{ answer: 'systemError', executed: true }] },
    reached: answered(QUERY),
  },
  { name: 'cancel sent and executed', plan: { ...unpaid, cancel: [held] }, reached: sent(CANCEL) },
  {
    name: 'cancel sent, a refund by it executed',
    plan: { ...unpaid, cancel: [{ ...held, ...buyerFirst }] },
    reached: sent(CANCEL),
  },
  {
    name: 'cancel sent and lost',
    plan: { ...unpaid, cancel: [{ ...held, delivery: 'requestLost' }] },
    reached: sent(CANCEL),
  },
  {
    name: 'cancel sent, to be executed after the kill',
    plan: { ...unpaid, cancel: [{ ...held, ...buyerFirst, delivery: 'answerLost', executed: { afterMs: 3_000 } }] },
    reached: sent(CANCEL),
  },
  {
    name: 'cancel sent, the pay request still in a queue',
    plan: { pay: [{ delivery: 'answerLost', executed: 'afterNextCancel' }], cancel: [held] },
    payableMs: 60_000,
    reached: sent(CANCEL),
  },
  { name: 'cancel answered', plan: unpaid, reached: answered(CANCEL) },
  { name: 'cancel that refunded answered', plan: { ...unpaid, cancel: [buyerFirst] }, reached: answered(CANCEL) },
  { name: 'query after the cancel sent', plan: { ...unpaid, query: [ok, ok, ok, held] }, reached: sent(QUERY, 4) },
  { name: 'query after the cancel answered', plan: unpaid, reached: answered(QUERY, 4) },
  {
    name: 'waiting to repeat the cancel',
    plan: { ...unpaid, cancel: [again] },
    input: slowCancel,
    reached: waitingIn('cancelling'),
  },
  {
    name: 'query before the second cancel sent',
    plan: { ...unpaid, cancel: [again], query: [ok, ok, ok, held] },
    reached: sent(QUERY, 4),
  },
  {
    name: 'second cancel sent',
    plan: { ...unpaid, cancel: [again, { ...held, ...buyerFirst }] },
    reached: sent(CANCEL, 2),
  },
  {
    name: 'watching, query answered',
    plan: { pay: [{ delivery: 'requestLost' }] },
    payableMs: 10_000,
    reached: answered(QUERY, 5),
  },
  {
    name: 'watching, between two polls',
    plan: { pay: [{ delivery: 'requestLost' }] },
    payableMs: 10_000,
    reached: betweenPolls('watching'),
  },
  {
    name: 'closed, waiting to ask for the refund',
    plan: { ...unpaid, cancel: [{ delivery: 'answerLost' }] },
    reached: waitingIn('closing'),
  },
  {
    name: 'refund query sent',
    plan: { ...unpaid, cancel: [{ delivery: 'answerLost' }], queryRefund: [held] },
    reached: sent(REFUND_QUERY),
  },
  {
    name: 'refund query answered',
    plan: { ...unpaid, cancel: [{ delivery: 'answerLost' }] },
    reached: answered(REFUND_QUERY),
  },
  {
    name: 'waiting for a top-up',
    plan: { ...unpaid, sellerBalanceShort: true, cancel: [buyerFirst] },
    reached: phase('needs-operator', OperatorReason.sellerBalanceNotEnough),
  },
  {
    name: 'cancel sent again after the top-up',
    plan: { ...unpaid, sellerBalanceShort: true, cancel: [buyerFirst, held] },
    reached: sent(CANCEL, 2),
  },
  {
    name: "the cashier's cancelNow sent",
    plan: { ...unpaid, query: [ok, held] },
    input: patient,
    reached: async (scene) => {
      await answered(QUERY)(scene);
      scene.meanwhile(scene.client.cancelNow(scene));
      return await sent(QUERY, 2)(scene);
    },
  },
  {
    name: "the operator's decision sent",
    plan: { ...unpaid, cancel: [{ ...refused, times: 'always' }] },
    reached: async (scene) => {
      await phase('needs-operator', OperatorReason.cancelRefused)(scene);
      const resolution = { outcome: Outcome.PAID, who: 'Li Na', why: 'the goods are handed over' };
      scene.meanwhile(decide(scene, async ({ client }) => await client.resolveManually(scene, resolution)));
    },
  },
  {
    name: 'refund by an operator sent',
    plan: { ...unpaid, cancel: [{ ...refused, times: 'always' }], refund: [held] },
    reached: async (scene) => {
      await phase('needs-operator', OperatorReason.cancelRefused)(scene);
      const order = { who: 'Li Na', why: 'the sale is off' };
      scene.meanwhile(decide(scene, async ({ client }) => await client.orderRefund(scene, order)));
      return await sent(REFUND)(scene);
    },
  },
  {
    name: 'notification passed on',
    plan: unpaid,
    input: patient,
    reached: async (scene) => {
      await betweenPolls('querying')(scene);
      scene.simulator.buyerPays(scene.outTradeNo);
      await scene.client.notified(scene);
    },
  },
  {
    name: 'guarding the pay call',
    plan: unpaid,
    input: () => ({ guardUntil: new Date(Date.now() + 8_000).toISOString() }),
    reached: phase('guarding'),
  },
];

/** Long enough between two polls for somebody to look. */
function patientThenNot(): Partial<ResolutionInput> {
  return { policy: { ...IMPATIENT, pollFirstMs: 3_000, pollCapMs: 3_000, pollBudgetMs: 12_000 } };
}

/** An operator who sends it again while the state does not allow it yet, or no worker answers. */
async function decide(scene: Scene, send: (scene: Scene) => Promise<Resolution>): Promise<void> {
  const { client, outTradeNo } = scene;
  await until(async () => {
    const status = await client.status({ outTradeNo });
    if (status.kind === 'closed') return status;
    try {
      return await send(scene);
    } catch (error) {
      if (error instanceof ResolutionError && AGAIN.includes(error.code)) return undefined;
      throw error;
    }
  });
}

const AGAIN: readonly ResolutionErrorCode[] = [ResolutionErrorCode.NotNow, ResolutionErrorCode.NoWorker];
