/** One story from the sale to its end: the counter sells, something goes wrong, the resolution finds out, the ledger judges. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ResolutionError } from '../client/errors.ts';
import { workflowIdOf } from '../contract/names.ts';
import type { DoneResolution } from '../contract/resolution.ts';
import type { TradeView } from '../simulator/ledger-view.ts';
import { perform } from './acts.ts';
import { Counter, type Sale, type Sold } from './counter.ts';
import { createFileJournal } from './journal.ts';
import { BEFORE_PAY, type Look, lookAt } from './look.ts';
import type { Stage } from './stage.ts';
import { AUTH_CODE, PLAY_POLICY, type Story } from './stories.ts';
import { judge, type Verdict } from './verdict.ts';

export interface Ending {
  readonly story: Story;
  readonly payAnswer: string;
  /** The outcome, or in words why there is none. */
  readonly reported: DoneResolution | string;
  readonly truth: TradeView;
  readonly verdict: Verdict;
  /** From the pay call to the outcome. */
  readonly seconds: number;
  readonly historyEvents: number;
  /** Calls for this trade that the gateway received, pay included. */
  readonly calls: number;
  readonly workflowId: string;
  readonly runId: string;
}

export interface Scenery {
  readonly stage: Stage;
  readonly counter: Counter;
  readonly say: (sentence: string) => void;
  readonly show: (look: Look) => void;
  /** The play is over, whatever is still open. */
  readonly signal: AbortSignal;
}

const LOOK_EVERY_MS = 700;

export async function play(story: Story, scenery: Scenery): Promise<Ending> {
  const sale = saleOf(story);
  const dies = story.act?.kind === 'counterDies';
  const sold = dies ? await sellAndDie(sale, scenery) : await scenery.counter.sell(sale, AUTH_CODE);
  if (sold.kind !== 'inDoubt')
    throw new Error(`${sale.outTradeNo}: this pay call was to leave a doubt; it is ${sold.kind}`);
  scenery.say(`${sale.outTradeNo}: pay: ${sold.payAnswer}; its resolution has started`);
  const reported = await resolved(story, sale, scenery);
  return { story, payAnswer: sold.payAnswer, ...(await judged(story, scenery.stage, sale, reported)) };
}

/** Looks at the trade until it is resolved, while somebody acts. */
async function resolved(story: Story, sale: Sale, scenery: Scenery): Promise<DoneResolution | string> {
  const { stage, counter, say, show, signal } = scenery;
  const { outTradeNo } = sale;
  let look = BEFORE_PAY;
  const follow = async (): Promise<void> => {
    while (look.isOpen) {
      look = lookAt(await stage.resolutions.status({ merchant: stage.merchant, outTradeNo }), look);
      show(look);
      if (look.isOpen) await pause(LOOK_EVERY_MS, undefined, { signal });
    }
  };
  const act = story.act && perform(story.act, { stage, outTradeNo, look: () => look, say, signal });
  await Promise.all([follow(), act]).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  if (look.isOpen) return `no outcome when the play was over: ${look.phase}`;
  return await counter.outcomeOf(sale).catch((error: unknown) => {
    if (error instanceof ResolutionError) return error.message;
    throw error;
  });
}

function saleOf({ outTradeNo, name, policy, payableMs = PAYABLE_MS }: Story): Sale {
  const nowMs = Date.now();
  return {
    outTradeNo,
    totalAmount: '88.88',
    subject: name,
    payRequestedAt: new Date(nowMs).toISOString(),
    payExpiresAt: new Date(Math.ceil((nowMs + payableMs) / 1_000) * 1_000).toISOString(),
    policy: { ...PLAY_POLICY, ...policy },
  };
}

const PAYABLE_MS = 120_000;
const RESTART_MS = 3_000;

/** The pay call of a payment service that is gone when it returns, and the restart of that service. */
async function sellAndDie(sale: Sale, { stage, say, signal }: Scenery): Promise<Sold> {
  const { outTradeNo, totalAmount, subject, payExpiresAt: timeExpire } = sale;
  const journal = createFileJournal<Sale>(join(stage.folder, 'second-till.jsonl'));
  await journal.open(outTradeNo, sale);
  void stage.gateway.pay({ outTradeNo, totalAmount, subject, timeExpire, authCode: AUTH_CODE });
  say(`${outTradeNo}: the payment service of the second till dies under its pay call`);
  await pause(RESTART_MS, undefined, { signal });
  const [found] = await new Counter({ ...stage, journal }).recover();
  if (found?.outTradeNo !== outTradeNo)
    throw new Error(`${outTradeNo}: the restarted payment service did not find the sale`);
  say(`${outTradeNo}: the second till has restarted and found the sale in its journal`);
  return { kind: 'inDoubt', payAnswer: 'never read' };
}

async function judged(
  { outTradeNo, outcome: told }: Story,
  { merchant, client, simulator }: Stage,
  { payRequestedAt }: Sale,
  reported: DoneResolution | string,
): Promise<Omit<Ending, 'story' | 'payAnswer'>> {
  const workflowId = workflowIdOf({ merchant, outTradeNo });
  const { runId, historyLength } = await client.workflow.getHandle(workflowId).describe();
  const truth = simulator.trade(outTradeNo);
  const endedMs = typeof reported === 'string' ? Date.now() : Date.parse(reported.decidedAt);
  return {
    reported,
    truth,
    verdict: judge(typeof reported === 'string' ? reported : reported.outcome, truth, told),
    seconds: (endedMs - Date.parse(payRequestedAt)) / 1_000,
    historyEvents: historyLength,
    calls: simulator.ledger().calls.filter((call) => call.outTradeNo === outTradeNo).length,
    workflowId,
    runId,
  };
}
