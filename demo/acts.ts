/** What people and accidents do while a trade is being resolved. */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { ResolutionError, ResolutionErrorCode } from '../client/errors.ts';
import type { Look } from './look.ts';
import type { Stage } from './stage.ts';
import type { Act } from './stories.ts';

export interface Scene {
  readonly stage: Stage;
  readonly outTradeNo: string;
  /** How the trade was last seen. */
  readonly look: () => Look;
  readonly say: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** Long enough for a spectator to see what the act answers to. */
const SEEN_MS = 2_000;

export async function perform(act: Act, scene: Scene): Promise<void> {
  const { stage, outTradeNo, say } = scene;
  const trade = { merchant: stage.merchant, outTradeNo };
  switch (act.kind) {
    case 'cashierCancels':
      await pause(act.afterMs, undefined, { signal: scene.signal });
      say(`${outTradeNo}: the cashier presses cancel`);
      await insist(scene, () => stage.resolutions.cancelNow(trade));
      return;
    case 'topUp':
      await untilParked(scene);
      say(`${outTradeNo}: the merchant tops up the account, the operator presses retry`);
      stage.simulator.topUp(outTradeNo);
      await insist(scene, () => stage.resolutions.retryNow(trade));
      return;
    case 'decide':
      await untilParked(scene);
      say(
        `${outTradeNo}: ${act.manualDecision.who} resolves it as ${act.manualDecision.outcome}: ${act.manualDecision.why}`,
      );
      await insist(scene, () => stage.resolutions.resolveManually(trade, act.manualDecision));
      return;
    case 'killWorker':
      await unlessOver(scene, stage.simulator.callReceived({ method: 'alipay.trade.cancel', outTradeNo }));
      say(`${outTradeNo}: its cancel is under way; the worker, process ${stage.workers.pid()}, is killed (SIGKILL)`);
      await stage.workers.kill();
      await pause(SEEN_MS, undefined, { signal: scene.signal });
      await stage.workers.startAgain();
      say(`a new worker, process ${stage.workers.pid()}, goes on where the killed one stopped`);
      return;
    case 'counterDies':
      // Before there is a resolution: `play.ts` sees to it.
      return;
  }
}

async function untilParked({ look, signal }: Scene): Promise<void> {
  while (look().isOpen && look().phase !== 'needs-operator') await pause(100, undefined, { signal });
  await pause(SEEN_MS, undefined, { signal });
}

/** @throws the signal's reason when that comes first */
async function unlessOver({ signal }: Scene, awaited: Promise<unknown>): Promise<void> {
  await Promise.race([awaited, once(signal, 'abort')]);
  signal.throwIfAborted();
}

/** A refusal says why and is no error: whoever acts reads it, waits, and tries again while the trade is open. */
async function insist({ outTradeNo, look, say, signal }: Scene, act: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await act();
      return;
    } catch (error) {
      if (!(error instanceof ResolutionError) || !REFUSALS.includes(error.code)) throw error;
      say(`${outTradeNo}: ${error.message}`);
    }
    await pause(SEEN_MS, undefined, { signal });
    if (!look().isOpen) return;
  }
}

const REFUSALS: readonly string[] = [ResolutionErrorCode.NotNow, ResolutionErrorCode.NoWorker];
