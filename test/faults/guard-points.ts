/**
 * The points at which a payment service is killed inside `client.guard`, each with the buyers for whom it makes a difference. Every
 * point is waited for: something that the process said, a call that the gateway has received, an event that the server has written.
 */
import { workflowIdOf } from '../../contract/names.ts';
import { Outcome } from '../../contract/resolution.ts';
import type { FaultStep, TradePlan } from '../../simulator/fault-plan.ts';
import { until } from '../shop.ts';
import type { Program } from '../worker/program.ts';
import type { Environment } from './environment.ts';
import type { GuardedSale } from './guard-till.ts';
import type { Link } from './toxiproxy.ts';

export interface Buyer {
  readonly name: string;
  readonly plan: TradePlan;
  /** How the sale ends where the pay request was executed. Absent: it depends on when the buyer pays, and the ledger says it. */
  readonly ends?: Outcome;
}

export interface GuardPoint {
  readonly name: string;
  readonly buyers: readonly Buyer[];
  /** What becomes of the pay call, besides the buyer. */
  readonly pay?: FaultStep;
  readonly stopsAt?: GuardedSale['stopsAt'];
  /** Pay calls by the service that is killed. */
  readonly payCalls: 0 | 1;
  /** The start never arrived: for the restarted service the sale is a new one. */
  readonly neverStarted?: true;
  /** Resolves when it is time to kill. The service stands connected, waiting for SIGUSR2. */
  readonly reached: (scene: GuardScene) => Promise<unknown>;
}

export interface GuardScene {
  readonly outTradeNo: string;
  readonly environment: Environment;
  readonly till: Program;
  /** Between the service and Temporal. */
  readonly link: Link;
}

const PAY = 'alipay.trade.pay';
/** Longer than it takes to kill a process. */
const held: FaultStep = { delayMs: 5_000 };

const pays: Buyer = { name: 'who pays', plan: {}, ends: Outcome.PAID };
/** After the guard, if nobody has heard of the pay call; else after the cancel. */
const paysLate: Buyer = { name: 'who pays late', plan: { buyerPaysAfterMs: 9_000 } };
const neverPays: Buyer = { name: 'who never pays', plan: { buyerPaysAfterMs: 'never' }, ends: Outcome.CLOSED };
const nobody: Buyer = { name: 'who is never asked', plan: {}, ends: Outcome.NOT_CREATED };
const ALL: readonly Buyer[] = [pays, paysLate, neverPays];

/** What is sent is swallowed, or what is answered; nobody is told. */
const swallow = (link: Link, direction: 'upstream' | 'downstream'): Promise<void> =>
  link.poison({ type: 'timeout', attributes: { timeout: 0 } }, direction);

const says = async ({ till, outTradeNo }: GuardScene, what: string): Promise<void> => {
  till.signal('SIGUSR2');
  await till.says(`${outTradeNo} ${what}`);
};

const paySent = async ({ till, environment, outTradeNo }: GuardScene): Promise<void> => {
  till.signal('SIGUSR2');
  await environment.simulator.callReceived({ method: PAY, outTradeNo });
};

/** The server has the start, or the signal, in the history of the sale's run. */
async function recorded({ environment, outTradeNo }: GuardScene, what: 'start' | 'signal'): Promise<void> {
  const handle = environment.temporal.workflow.getHandle(workflowIdOf({ outTradeNo }));
  await until(async () => {
    if (environment.over.aborted) throw new Error(`${outTradeNo}: the ${what} never came`);
    const { events } = await handle.fetchHistory().catch(() => ({ events: [] }));
    const isThere = events?.some((event) => what === 'start' || event.workflowExecutionSignaledEventAttributes);
    return isThere ? true : undefined;
  });
}

export const GUARD_POINTS: readonly GuardPoint[] = [
  {
    name: 'before the start was sent',
    buyers: [nobody],
    payCalls: 0,
    neverStarted: true,
    reached: async (scene) => {
      await swallow(scene.link, 'upstream');
      await says(scene, 'guards');
    },
  },
  {
    name: 'after the start, not acknowledged',
    buyers: [nobody],
    payCalls: 0,
    reached: async (scene) => {
      await swallow(scene.link, 'downstream');
      await says(scene, 'guards');
      await recorded(scene, 'start');
    },
  },
  {
    name: 'after the start, before the pay was sent',
    buyers: [nobody],
    payCalls: 0,
    stopsAt: 'pay',
    reached: (scene) => says(scene, 'pays'),
  },
  {
    name: 'pay sent and swallowed',
    buyers: [nobody],
    pay: { ...held, delivery: 'requestLost' },
    payCalls: 1,
    reached: paySent,
  },
  { name: 'pay executed, its answer held back', buyers: ALL, pay: held, payCalls: 1, reached: paySent },
  {
    name: 'pay sent, to be executed after the kill',
    buyers: [{ name: 'who pays', plan: {} }],
    pay: { ...held, delivery: 'answerLost', executed: { afterMs: 8_500 } },
    payCalls: 1,
    reached: paySent,
  },
  {
    name: 'pay answered, the signal not yet sent',
    buyers: ALL,
    stopsAt: 'answer',
    payCalls: 1,
    reached: (scene) => says(scene, 'was answered'),
  },
  {
    name: 'signal sent and swallowed',
    buyers: ALL,
    stopsAt: 'answer',
    payCalls: 1,
    reached: async (scene) => {
      await says(scene, 'was answered');
      await swallow(scene.link, 'upstream');
      await says(scene, 'returned');
    },
  },
  {
    name: 'signal sent, not acknowledged',
    buyers: ALL,
    stopsAt: 'answer',
    payCalls: 1,
    reached: async (scene) => {
      await says(scene, 'was answered');
      await swallow(scene.link, 'downstream');
      await says(scene, 'returned');
      await recorded(scene, 'signal');
    },
  },
  {
    name: 'after the acknowledgement',
    buyers: ALL,
    stopsAt: 'end',
    payCalls: 1,
    reached: (scene) => says(scene, 'told true'),
  },
];
