/**
 * Faults by seed. The fault of a call depends on the seed, the trade, the method and how often that method was called for
 * that trade, so a run repeats itself however its calls interleave.
 */
import { createHash } from 'node:crypto';

import type { FaultStep, PlannedMethod } from './fault-plan.ts';

export interface RandomFaults {
  readonly seed: number;
  /** The share of calls that meet a fault, 0 to 1. */
  readonly rate: number;
}

/** Faults that any method can meet; each leaves the caller knowing nothing, or less than nothing. */
const ANY_METHOD: readonly FaultStep[] = [
  { delivery: 'requestLost' },
  { delivery: 'answerLost' },
  { delivery: 'reset' },
  { delivery: 'truncated' },
  { delivery: 'http500' },
  { delivery: 'html' },
  { delivery: 'garbage' },
  { answer: 'code20000' },
  { answer: 'code20000', signature: 'missing', charset: 'gbk' },
  { answer: 'systemError' },
  { answer: 'limited' },
  { signature: 'wrong' },
  { signature: 'missing' },
  { signature: 'duplicateNode' },
  { delayMs: 300 },
  { with: { out_trade_no: 'someone-elses-trade', trade_no: '2000010122001400000000000000' } },
];

/** A call that acts may act and say the contrary. */
const ACTING: readonly FaultStep[] = [
  { answer: 'code20000', executed: true },
  { answer: 'systemError', executed: true },
  { delivery: 'answerLost', executed: { afterMs: 400 } },
];

const CANCEL: readonly FaultStep[] = [
  ...ACTING,
  { executed: false, with: { retry_flag: 'Y' } },
  { executed: true, with: { retry_flag: 'Y' }, without: ['action'] },
  { answer: 'systemError', with: { retry_flag: 'Y' } },
];

const FAULTS: Readonly<Record<PlannedMethod, readonly FaultStep[]>> = {
  pay: [...ANY_METHOD, ...ACTING, { delivery: 'answerLost', executed: 'afterNextCancel' }],
  query: [...ANY_METHOD, { answer: 'notExist' }],
  cancel: [...ANY_METHOD, ...CANCEL],
  refund: [...ANY_METHOD, ...ACTING],
  queryRefund: ANY_METHOD,
  close: [...ANY_METHOD, ...ACTING],
  precreate: ANY_METHOD,
};

/** The step for one call, `{}` when chance spares it. `call` names the call: trade, method and ordinal. */
export function randomStep(faults: RandomFaults, method: PlannedMethod, call: string): FaultStep {
  const hash = createHash('sha256').update(`${faults.seed}/${call}`).digest();
  if (hash.readUInt32BE(0) / 2 ** 32 >= faults.rate) return {};
  const steps = FAULTS[method];
  return steps[hash.readUInt32BE(4) % steps.length] ?? {};
}
