/**
 * The durable shell, as `workflows/` has it: gives an observation to the rules and begins the command that comes back.
 */
import type { ManualDecision } from '../../contract/resolution.ts';
import type { Observation } from '../../resolution/index.ts';
import type * as Resolution from '../../resolution/index.ts';
import { seen } from './answers.ts';
import { checkDecision, checkResumed } from './invariants.ts';
import { happenedAfter, happenedBefore } from './happened.ts';
import { type Setting, tradeNoOnly } from './settings.ts';
import { type QueryInFlight, type DecisionSent, type World, withoutManualDecision } from './world.ts';

/** The code under test; a deliberately broken copy of it fits in here too. */
export type Rules = Pick<
  typeof Resolution,
  'begin' | 'decide' | 'resume' | 'whyNotDecideManually' | 'whyNotCancelNow' | 'explain' | 'toResolution'
>;

type Command = Resolution.Command;

export function beginWork(world: World, rules: Rules): World {
  const { input, takesOver } = world.setting;
  const decision = rules.begin(input, 0, world.nowMs, takesOver && seenPaid(world.setting, rules));
  return perform({ ...world, state: decision.state }, decision.command, rules);
}

/** What the run by the `tradeNo` knows when it hands over. */
function seenPaid(setting: Setting, rules: Rules): Resolution.Memory {
  const begun = rules.begin(tradeNoOnly(), 0, 0).state;
  const report = { answer: seen(setting, 'paid', 'with'), scheduledAtMs: 0, startedAtMs: 0, polls: 1, trail: [] };
  return rules.decide(begun, { kind: 'queried', report }, 0).state.memory;
}

/** Goes on after continue-as-new. */
export function resumeWork(world: World, rules: Rules): World {
  const { state } = world;
  if (state === undefined) throw new TypeError('Only a workflow that has begun is continued as new');
  const decision = rules.resume(state, world.nowMs);
  checkResumed(world, decision);
  return perform({ ...world, state: decision.state }, decision.command, rules);
}

export function feed(world: World, observation: Observation, rules: Rules): World {
  const { state: before } = world;
  if (before === undefined) throw new TypeError('Nothing is observed before the workflow has begun');
  const decision = rules.decide(before, observation, world.nowMs);
  checkDecision(world, { before, observation, decision, nowMs: world.nowMs }, rules);
  const after = observation.kind === 'refunded' ? afterRefund(world, observation.report.answer) : world;
  const next: World = {
    ...(isChecked(world) && !isChecked({ state: decision.state }) ? withoutManualDecision(after) : after),
    state: decision.state,
    strays: observation.kind === 'cancelled' ? afterCancel(world, observation.report.answer) : world.strays,
    happened: happenedBefore(happenedAfter(world, observation), decision.command),
  };
  return perform(next, decision.command, rules);
}

/** A second copy of an answered request does not come later than this. */
const ECHO_MS = 60_000;

type SomeAnswer = { readonly kind: string; readonly retryFlag?: string; readonly failure?: string };

/** A cancel's call is over: from now on its strays are reckoned with for a while. */
function afterCancel({ strays, nowMs, setting }: World, answer: SomeAnswer): World['strays'] {
  if (strays.length === 0) return strays;
  const { marginMs } = setting.input.policy;
  const definite = answer.kind === 'answered' ? answer.retryFlag === 'N' : isSignedRefusal(answer);
  const reckonedUntilMs = nowMs + (definite ? Math.min(ECHO_MS, marginMs) : marginMs);
  return strays.map((stray) => (stray.reckonedUntilMs === Number.POSITIVE_INFINITY ? { reckonedUntilMs } : stray));
}

/** A refund's call is over: without an answer its stray is reckoned with for ever. */
function afterRefund(world: World, answer: SomeAnswer): World {
  if (world.strayRefund === undefined || !isSignedRefusal(answer)) return world;
  return { ...world, strayRefund: { reckonedUntilMs: world.nowMs + ECHO_MS } };
}

function isSignedRefusal({ failure, retryFlag }: SomeAnswer): boolean {
  const refused =
    failure === 'business' || failure === 'rejected' || failure === 'configuration' || failure === 'limited';
  return refused && retryFlag !== 'Y';
}

function perform(world: World, command: Command, rules: Rules): World {
  switch (command.kind) {
    case 'query':
      return takesManualDecision(world, rules) ?? { ...ofCheckedOnly(world), call: queryCall(world, command.poll) };
    case 'cancel':
    case 'refund':
      return { ...world, call: { kind: command.kind, stage: 'scheduled', fresh: true } };
    case 'queryRefund':
      return { ...world, call: { kind: 'queryRefund', stage: 'scheduled' } };
    case 'wait':
      return takesManualDecision(world, rules) ?? { ...withoutManualDecision(world), call: command };
    case 'handOver':
    case 'finish':
      return { ...withoutManualDecision(world), call: { kind: 'over' } };
  }
}

/** A manual decision stays while a fresh query is asked for its sake; any other in the inbox was dropped. */
function ofCheckedOnly(world: World): World {
  return isChecked(world) ? world : withoutManualDecision(world);
}

/** It was taken, and the answer to a fresh query decides whether it stands. */
export function isChecked({ state }: Pick<World, 'state'>): boolean {
  return state?.phase.kind === 'needs-operator' && state.phase.step.kind === 'checkDecision';
}

function queryCall(world: World, poll: QueryInFlight['poll']): QueryInFlight {
  return {
    kind: 'query',
    stage: 'scheduled',
    ...(poll !== undefined && { poll }),
    scheduledAtMs: world.nowMs,
    startedAtMs: world.nowMs,
    asked: 1,
    last: poll === undefined || world.nowMs >= poll.untilMs,
  };
}

/** The manual decision in the inbox is applied, if it is still allowed; `undefined`: there is none, or it is to be dropped. */
function takesManualDecision(world: World, rules: Rules): World | undefined {
  const { state, manualDecision: sent } = world;
  if (sent === undefined || state === undefined || isChecked(world)) return undefined;
  const manualDecision = manualDecisionOf(sent);
  if (rules.whyNotDecideManually(state, manualDecision, world.nowMs) !== undefined) return undefined;
  return feed(world, { kind: 'decidedManually', manualDecision }, rules);
}

/** A manual decision interrupts a wait or a poll. One that is refused by now is dropped, and an interrupted poll knows nothing. */
export function interruptedByDecision(world: World, rules: Rules): World {
  const { manualDecision } = world;
  if (manualDecision === undefined) return world;
  const ended = interrupted(withoutManualDecision(world), rules);
  const applied = takesManualDecision({ ...ended, manualDecision }, rules);
  if (applied !== undefined) return applied;
  return ended;
}

/** A poll that a message ends tells how many questions it has asked; the message is taken after that. */
export function interrupted(world: World, rules: Rules): World {
  const { call } = world;
  if (call.kind !== 'query' || call.poll === undefined) return world;
  return feed(world, { kind: 'interrupted', questions: call.asked, startedAtMs: call.startedAtMs }, rules);
}

const WHO_AND_WHY = { who: 'an operator', why: 'looked it up' } as const;

/** Constants, so that equal manual decisions are one object. */
const MANUAL_DECISIONS: { readonly [as in DecisionSent['as']]: ManualDecision } = {
  PAID: { kind: 'outcome', outcome: 'PAID', ...WHO_AND_WHY },
  CLOSED: { kind: 'outcome', outcome: 'CLOSED', ...WHO_AND_WHY },
  REFUNDED: { kind: 'outcome', outcome: 'REFUNDED', ...WHO_AND_WHY },
  NOT_CREATED: { kind: 'outcome', outcome: 'NOT_CREATED', ...WHO_AND_WHY },
  refund: { kind: 'refund', ...WHO_AND_WHY },
};

export function manualDecisionOf({ as }: Pick<DecisionSent, 'as'>): ManualDecision {
  return MANUAL_DECISIONS[as];
}
