/**
 * One scenario played by `decide` alone, at the instants at which the real workflow decided. So how fast a machine is changes
 * nothing in whether the two agree; that the workflow waited as `decide` says is looked at beside it (`waits.ts`).
 */
import { delayAfterMs, isKnown, LEAST_DELAY_MS, type PollRecord, type QueryReport } from '../../contract/activities.ts';
import { wordOf } from '../../contract/answers.ts';
import type { Resolution } from '../../contract/resolution.ts';
import { parseResolutionInput, type ResolutionInput } from '../../contract/resolution-input.ts';
import { begin, decide, toResolution, type Command, type Observation } from '../../resolution/index.ts';
import type { Attempt, Timeline } from './timeline.ts';
import { Waits } from './waits.ts';
import { World, type Call, type Scenario } from './world.ts';

export interface ScenarioResult {
  readonly resolution: Resolution;
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

const COMMANDS_MAX = 50_000;

/** Where `decide` wants more turns or calls than the timeline has, it is left open. */
export function playByDecide(scenario: Scenario, timeline: Timeline): ScenarioResult & { readonly waits: Waits } {
  const parsed = parseResolutionInput(inputOf(scenario, timeline.writtenAtMs));
  if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems));
  const world = new World(scenario, timeline.writtenAtMs);
  const waits = new Waits();
  const turnsMs = [...timeline.turnsMs];
  let nowMs = turnsMs.shift() ?? Number.NaN;
  let decision = begin(parsed.input, timeline.startedAtMs, nowMs);
  if (scenario.guard === 'uncertain' || scenario.guard === 'refused') {
    decision = decide(decision.state, { kind: 'payAnswered', answer: scenario.guard }, nowMs);
  }

  for (let count = 0; count < COMMANDS_MAX && decision.command.kind !== 'finish'; count += 1) {
    const { command } = decision;
    const isOverAtOnce = command.kind === 'wait' && command.untilMs <= nowMs;
    const turnMs = isOverAtOnce ? nowMs : turnsMs.shift();
    const observation = turnMs === undefined ? undefined : perform(command, turnMs);
    if (turnMs === undefined || observation === undefined) break;
    nowMs = turnMs;
    decision = decide(decision.state, observation, nowMs);
  }
  return { resolution: toResolution(decision.state), calls: world.calls, waits };

  function perform(command: Exclude<Command, { kind: 'finish' }>, turnMs: number): Observation | undefined {
    if (command.kind === 'wait') {
      waits.note('a wait', nowMs, turnMs, Math.max(0, command.untilMs - nowMs));
      return { kind: 'waited' };
    }
    const attempt = nextAttempt();
    if (attempt === undefined) return undefined;
    const { askedAtMs, scheduledAtMs } = attempt;
    switch (command.kind) {
      case 'query': {
        const report = poll(command, attempt);
        return report && { kind: 'queried', report };
      }
      case 'cancel':
        return { kind: 'cancelled', report: { answer: world.cancel(askedAtMs), scheduledAtMs } };
      case 'refund':
        return { kind: 'refunded', report: { answer: world.refund(askedAtMs), scheduledAtMs } };
      case 'queryRefund':
        return { kind: 'refundQueried', report: { answer: world.queryRefund(askedAtMs), scheduledAtMs } };
      case 'handOver':
        throw new Error('No scenario starts by tradeNo alone');
    }
  }

  function nextAttempt(): Attempt | undefined {
    return timeline.attempts[world.calls.length];
  }

  /** What the activity does. The last question of a poll falls on `untilMs`, less what the call before it took. */
  function poll({ poll: plan }: Extract<Command, { kind: 'query' }>, first: Attempt): QueryReport | undefined {
    const trail: PollRecord[] = [];
    const startedAtMs = first.scheduledAtMs;
    for (let attempt: Attempt | undefined = first; attempt !== undefined;) {
      const { scheduledAtMs, askedAtMs } = attempt;
      const answer = world.query(askedAtMs);
      trail.push({ at: new Date(scheduledAtMs).toISOString(), answer: wordOf(answer) });
      const again = plan !== undefined && scheduledAtMs < plan.untilMs && isKnown(answer, plan.known);
      if (!again) return { answer, scheduledAtMs, startedAtMs, polls: trail.length, trail };
      attempt = nextAttempt();
      if (attempt === undefined) break;
      const endedAtMs = attempt.scheduledAtMs;
      const delayMs = (nowMs: number): number =>
        Math.max(LEAST_DELAY_MS, Math.min(delayAfterMs(plan, trail.length), plan.untilMs - nowMs));
      // By two clocks of whole milliseconds.
      const tookMs = endedAtMs - askedAtMs + 2;
      waits.note('a poll', endedAtMs, attempt.askedAtMs, delayMs(scheduledAtMs + tookMs), delayMs(scheduledAtMs));
    }
    return undefined;
  }
}
