/** One scenario played by `decide` alone, on a clock that jumps from one deadline to the next. */
import { delayAfterMs, isKnown, LEAST_DELAY_MS, type PollRecord, type QueryReport } from '../../contract/activities.ts';
import { wordOf } from '../../contract/answers.ts';
import type { Outcome } from '../../contract/resolution.ts';
import { parseResolutionInput, type ResolutionInput } from '../../contract/resolution-input.ts';
import { begin, decide, toResolution, type Command, type Observation } from '../../resolution/index.ts';
import { World, type Call, type Scenario } from './world.ts';

export interface Played {
  readonly outcome: Outcome | 'open';
  readonly calls: readonly Call[];
}

export function inputOf(scenario: Scenario, startedAtMs: number): ResolutionInput {
  return {
    outTradeNo: 'T1',
    totalAmount: '88.88',
    // A pay call's deadline is always later than the call.
    payRequestedAt: new Date(
      Math.min(startedAtMs, startedAtMs + scenario.payExpiresInMs - 1_000) - scenario.payRequestedAgoMs,
    ).toISOString(),
    payExpiresAt: new Date(startedAtMs + scenario.payExpiresInMs).toISOString(),
    refundIfNotCancellable: scenario.refundIfNotCancellable,
    ...(scenario.guard !== 'none' && { guardUntil: new Date(startedAtMs + 40_000).toISOString() }),
  };
}

const COMMANDS_MAX = 5_000;

/** A call takes a little: without it, deadlines of equal length fall on the same millisecond here and never do elsewhere. */
const CALL_MS = 5;

export function playByDecide(scenario: Scenario, startedAtMs: number): Played {
  const parsed = parseResolutionInput(inputOf(scenario, startedAtMs));
  if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems));
  const world = new World(scenario, startedAtMs);
  let nowMs = startedAtMs;
  let decision = begin(parsed.input, startedAtMs, nowMs);
  if (scenario.guard === 'uncertain' || scenario.guard === 'refused') {
    decision = decide(decision.state, { kind: 'payAnswered', answer: scenario.guard }, nowMs);
  }

  for (let count = 0; count < COMMANDS_MAX && decision.command.kind !== 'finish'; count += 1) {
    const observation = perform(decision.command);
    nowMs += CALL_MS;
    decision = decide(decision.state, observation, nowMs);
  }
  const resolution = toResolution(decision.state);
  return { outcome: resolution.phase === 'done' ? resolution.outcome : 'open', calls: world.calls };

  function perform(command: Exclude<Command, { kind: 'finish' }>): Observation {
    switch (command.kind) {
      case 'query':
        return { kind: 'queried', report: poll(command) };
      case 'cancel':
        return { kind: 'cancelled', report: { answer: world.cancel(nowMs), scheduledAtMs: nowMs } };
      case 'refund':
        return { kind: 'refunded', report: { answer: world.refund(nowMs), scheduledAtMs: nowMs } };
      case 'queryRefund':
        return { kind: 'refundQueried', report: { answer: world.queryRefund(nowMs), scheduledAtMs: nowMs } };
      case 'wait':
        nowMs = Math.max(nowMs, command.untilMs);
        return { kind: 'waited' };
      case 'handOver':
        throw new Error('No scenario starts by tradeNo alone');
    }
  }

  /**
   * What the activity does, on this clock. The Java test server gives as an attempt's schedule time the end of the attempt before
   * it, the real server the time it is due: the answers are a little older here, which every rule must bear.
   */
  function poll({ poll: plan }: Extract<Command, { kind: 'query' }>): QueryReport {
    const trail: PollRecord[] = [];
    const startedAtMs = nowMs;
    for (let scheduledAtMs = nowMs; ;) {
      const answer = world.query(scheduledAtMs);
      trail.push({ at: new Date(scheduledAtMs).toISOString(), answer: wordOf(answer) });
      const again = plan !== undefined && scheduledAtMs < plan.untilMs && isKnown(answer, plan.known);
      if (!again) return { answer, scheduledAtMs, startedAtMs, polls: trail.length, trail };
      const delayMs = Math.max(
        LEAST_DELAY_MS,
        Math.min(delayAfterMs(plan, trail.length), plan.untilMs - scheduledAtMs),
      );
      scheduledAtMs = nowMs + CALL_MS;
      nowMs = scheduledAtMs + delayMs;
    }
  }
}
