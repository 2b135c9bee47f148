/** The fault plans of all trades, and which step of them the next call meets. */
import {
  type Behaviour,
  DEFAULT_BEHAVIOUR,
  FalseAnswer,
  type FaultStep,
  PlannedMethod,
  type TradePlan,
} from './fault-plan.ts';
import { randomStep, type RandomFaults } from './random-faults.ts';

interface Entry {
  readonly plan: TradePlan;
  /** The steps that are not used up, each with the number of calls that it still meets. */
  readonly left: Map<PlannedMethod, readonly StepLeft[]>;
}

interface StepLeft {
  readonly step: FaultStep;
  readonly times: number;
}

export class PlanBook {
  readonly #behaviour: Behaviour;
  readonly #entries = new Map<string, Entry>();
  readonly #callCounts = new Map<string, number>();
  /** Trades that chance has called unknown. */
  readonly #denied = new Set<string>();
  #random: RandomFaults | undefined;

  constructor(behaviour: Partial<Behaviour>) {
    this.#behaviour = { ...DEFAULT_BEHAVIOUR, ...behaviour };
  }

  put(outTradeNo: string, plan: TradePlan): void {
    this.#entries.set(outTradeNo, { plan, left: new Map() });
  }

  plan(outTradeNo: string): TradePlan {
    return this.#entries.get(outTradeNo)?.plan ?? {};
  }

  behaviour(outTradeNo: string): Behaviour {
    return { ...this.#behaviour, ...this.plan(outTradeNo).behaviour };
  }

  /** The step that this call meets, now used up by one; a planned one first, else by chance, else none. */
  takeStep(method: PlannedMethod, outTradeNo: string): FaultStep {
    const planned = this.#takePlanned(method, outTradeNo);
    if (planned !== undefined) return planned;
    const call = `${outTradeNo}/${method}`;
    const ordinal = (this.#callCounts.get(call) ?? 0) + 1;
    this.#callCounts.set(call, ordinal);
    const step = this.#random === undefined ? {} : randomStep(this.#random, method, `${call}/${ordinal}`);
    return step.answer === FalseAnswer.notExist && this.#isDeniedAgain(outTradeNo) ? {} : step;
  }

  /** A passing error denies a trade once. Said again and again, a signed "no such trade" could not be told from the truth by anybody. */
  #isDeniedAgain(outTradeNo: string): boolean {
    const again = this.#denied.has(outTradeNo);
    this.#denied.add(outTradeNo);
    return again;
  }

  #takePlanned(method: PlannedMethod, outTradeNo: string): FaultStep | undefined {
    const entry = this.#entries.get(outTradeNo);
    const [first, ...rest] = entry?.left.get(method) ?? (entry?.plan[method] ?? []).map(withTimes);
    if (entry === undefined || first === undefined) return undefined;
    entry.left.set(method, first.times > 1 ? [{ ...first, times: first.times - 1 }, ...rest] : rest);
    return first.step;
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
    this.#denied.clear();
  }
}

function withTimes(step: FaultStep): StepLeft {
  const { times = 1 } = step;
  return { step, times: times === 'always' ? Infinity : times };
}
