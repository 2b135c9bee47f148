/** The fault plans of all trades, and which step of them the next call meets. */
import { type Behaviour, DEFAULT_BEHAVIOUR, type FaultStep, PlannedMethod, type TradePlan } from './fault-plan.ts';
import { randomStep, type RandomFaults } from './random-faults.ts';

interface Entry {
  readonly plan: TradePlan;
  /** Per method, how many calls each step has met so far. */
  readonly met: Map<FaultStep, number>;
}

export class PlanBook {
  readonly #behaviour: Behaviour;
  readonly #entries = new Map<string, Entry>();
  readonly #callCounts = new Map<string, number>();
  #random: RandomFaults | undefined;

  constructor(behaviour: Partial<Behaviour>) {
    this.#behaviour = { ...DEFAULT_BEHAVIOUR, ...behaviour };
  }

  put(outTradeNo: string, plan: TradePlan): void {
    this.#entries.set(outTradeNo, { plan, met: new Map() });
  }

  plan(outTradeNo: string): TradePlan {
    return this.#entries.get(outTradeNo)?.plan ?? {};
  }

  behaviour(outTradeNo: string): Behaviour {
    return { ...this.#behaviour, ...this.plan(outTradeNo).behaviour };
  }

  /** The step that this call meets, now used up by one; a planned one first, else by chance, else none. */
  takeStep(method: PlannedMethod, outTradeNo: string): FaultStep {
    const entry = this.#entries.get(outTradeNo);
    const step = entry?.plan[method]?.find((candidate) => isLeft(candidate, entry.met));
    if (entry !== undefined && step !== undefined) {
      entry.met.set(step, (entry.met.get(step) ?? 0) + 1);
      return step;
    }
    const call = `${outTradeNo}/${method}`;
    const ordinal = (this.#callCounts.get(call) ?? 0) + 1;
    this.#callCounts.set(call, ordinal);
    return this.#random === undefined ? {} : randomStep(this.#random, method, `${call}/${ordinal}`);
  }

  setRandom(faults: RandomFaults): void {
    this.#random = faults;
  }

  /** All faults stop: no step is left anywhere, and no chance. How trades and buyers stand is not a fault and stays. */
  heal(): void {
    this.#random = undefined;
    for (const [outTradeNo, { plan }] of this.#entries) {
      const withoutSteps = Object.fromEntries(
        Object.entries(plan).filter(([name]) => !Object.hasOwn(PlannedMethod, name)),
      );
      this.put(outTradeNo, withoutSteps);
    }
  }

  forget(outTradeNo: string): void {
    this.#entries.delete(outTradeNo);
  }

  reset(): void {
    this.#random = undefined;
    this.#entries.clear();
    this.#callCounts.clear();
  }
}

function isLeft(step: FaultStep, met: ReadonlyMap<FaultStep, number>): boolean {
  const { times = 1 } = step;
  return times === 'always' || (met.get(step) ?? 0) < times;
}
