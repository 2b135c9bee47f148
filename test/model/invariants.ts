/**
 * The promises of docs/correctness.md, by their numbers, each as a check that knows the truth of the world and shares no code with the rules.
 * 10 shows as 3, 12 is for the tests of the shell, 14 is in `liveness.ts`; 6's "one refund effect" holds by construction:
 * a trade is paid once here, and what gives the money back closes it.
 */
import type { CancelReport, QueryReport } from '../../contract/activities.ts';
import type { QueryAnswer } from '../../contract/answers.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import { DecidedBy, Outcome } from '../../contract/resolution.ts';
import { RetryFlag } from '../../contract/trade.ts';
import type { Decision, Observation, State } from '../../resolution/index.ts';
import { happenedAfter, isOurs, signedBy } from './happened.ts';
import { checkSentences } from './sentences.ts';
import { OUT_TRADE_NO } from './settings.ts';
import { checkOutcome } from './outcome-invariants.ts';
import type { Rules } from './shell.ts';
import { violated } from './violation.ts';
import { type PastEvents, payableUntilMs, type World } from './world.ts';

export interface DecisionStep {
  readonly before: State;
  readonly observation: Observation;
  readonly decision: Decision;
  readonly nowMs: number;
}

const NO_INFORMATION: ReadonlySet<FailureClass> = new Set([
  FailureClass.notSent,
  FailureClass.unknown,
  FailureClass.unsigned,
  FailureClass.forged,
  FailureClass.notOurs,
]);
/** Money moves on an answer that is no older than this. */
const FRESH_MS = 300_000;
const DAY_MS = 24 * 3_600_000;

/** `world` is the world in which the observation arrives. */
export function checkDecision(world: World, decided: DecisionStep, rules: Rules): void {
  const { before, observation, decision } = decided;
  const happened = happenedAfter(world, observation);
  checkCommand(world, happened, decided);
  checkSentences(decision, happened, world, rules);
  switch (observation.kind) {
    case 'queried':
      checkQueried(world, observation.report, decided);
      break;
    case 'cancelled':
      checkCancelled(observation.report, decided);
      break;
    case 'lookNow':
    case 'cancelNow':
      checkRepeated(decided, rules);
      break;
    case 'refunded':
    case 'refundQueried':
      if (observation.report.answer.kind === 'failed') sameFacts(before, decision.state, 'a failed call');
      checkAbsence(world, observation.report.scheduledAtMs, decision);
      break;
    case 'interrupted':
    case 'payAnswered':
    case 'waited':
    case 'decidedManually':
    case 'reset':
      break;
  }
  if (decision.state.phase.kind === 'done') checkOutcome(world, happened, decision.state.phase, observation);
}

/** 17: a poll keeps to itself only what the rules know. What was signed is remembered, whoever cuts in. */
export function checkRested({ state, setting }: World, answer: QueryAnswer): void {
  if (answer.kind !== 'trade') return;
  const { tradeStatus, seen } = state?.memory ?? {};
  const heard = isOurs(setting, answer) ? tradeStatus === answer.tradeStatus : seen === true;
  if (!heard) violated(17, `a poll went on after ${answer.tradeStatus}, of which the rules know nothing`);
}

/** 13 */
function checkAbsence({ setting }: World, scheduledAtMs: number, { state }: Decision): void {
  const { phase } = state;
  if (phase.kind !== 'done' || phase.outcome !== Outcome.NOT_CREATED) return;
  if (scheduledAtMs < payableUntilMs(setting))
    violated(13, 'NOT_CREATED by a question from before the deadline plus the margin');
}

/** After continue-as-new, with time between: money never moves on an old answer. */
export function checkResumed({ call }: World, { command }: Decision): void {
  if (call.kind !== 'carried' || !call.late) return;
  if (command.kind === 'cancel' || command.kind === 'refund') {
    violated(4, `a ${command.kind} was carried through continue-as-new and sent later than right after its query`);
  }
}

/** A cancel leaves us now. Alipay's clock may run ahead by the margin. */
export function checkSending(world: World): void {
  const { payRequestedAtMs = 0, policy } = world.setting.input;
  if (world.nowMs + policy.marginMs >= payRequestedAtMs + DAY_MS) violated(8, 'a cancel was sent 24 h after the order');
  if (world.happened.refundSent) violated(6, 'a cancel was sent after a refund');
}

/** A refund leaves us now. */
export function checkRefunding({ strays, nowMs, setting, happened }: World): void {
  if (strays.some(({ reckonedUntilMs }) => reckonedUntilMs > nowMs)) violated(6, 'a refund beside a cancel on its way');
  if (!setting.input.refundIfNotCancellable && happened.refundOrder !== 'stands') {
    violated(6, 'a refund that nobody ordered');
  }
}

/** 4, 5 and 6. */
function checkCommand(
  { setting }: World,
  happened: PastEvents,
  { before, observation, decision, nowMs }: DecisionStep,
): void {
  const { command, state } = decision;
  const answer = observation.kind === 'queried' ? observation.report.answer : undefined;
  const says = answer?.kind === 'trade' ? signedBy(answer.tradeStatus) : 'nothing';
  const isOld = observation.kind === 'queried' && nowMs - observation.report.scheduledAtMs > FRESH_MS;
  if (isOld && (command.kind === 'cancel' || command.kind === 'refund')) {
    violated(4, `a ${command.kind} on an answer that was asked for long ago`);
  }
  switch (command.kind) {
    case 'cancel':
      if (answer === undefined && !hearsBeforeMoney(observation, before)) {
        violated(4, `a cancel right after "${observation.kind}", not after a query`);
      }
      if (says === 'closed') violated(4, 'a cancel after a query that said TRADE_CLOSED');
      if (!happened.cancelSent && says === 'paid') violated(4, 'a first cancel after a query that said paid');
      if (happened.unverified) violated(9, 'a first cancel although nobody can read what Alipay answers');
      if (!happened.cancelSent && happened.paidSaid) violated(5, 'a first cancel against the word of the service');
      if (happened.wasReset) violated(6, 'a cancel in a run that was reset');
      if (!happened.cancelSent && (happened.signed === 'paid' || happened.signed === 'closed')) {
        violated(5, `a first cancel although "${happened.signed}" was proven`);
      }
      break;
    case 'refund':
      if (says !== 'paid' && !hearsBeforeMoney(observation, before)) {
        violated(6, 'a refund that does not follow a query that said paid');
      }
      if (command.outRequestNo !== OUT_TRADE_NO) violated(6, 'a refund under another number');
      break;
    case 'handOver':
      if (happened.cancelSent) violated(3, 'handed over to a run that does not know of the cancel on its way');
      break;
    case 'query':
    case 'queryRefund':
    case 'wait':
    case 'finish':
  }
  const { outTradeNo } = state.memory;
  const learned = setting.input.outTradeNo === undefined && (outTradeNo === undefined || outTradeNo === OUT_TRADE_NO);
  if (!learned && outTradeNo !== setting.input.outTradeNo) violated(6, 'the next call would carry another outTradeNo');
}

/** A word that came with the answer is heard before the cancel or the refund that the answer has decided is sent. */
function hearsBeforeMoney(observation: Observation, { phase }: State): boolean {
  const step = 'step' in phase && typeof phase.step === 'object' ? phase.step.kind : undefined;
  return observation.kind === 'payAnswered' && (step === 'cancel' || step === 'refund');
}

/** 9 and 13, and that only a query about this trade ends the resolution. */
function checkQueried(world: World, report: QueryReport, { before, decision }: DecisionStep): void {
  const { answer } = report;
  const { phase } = decision.state;
  const worthless = answer.kind === 'failed' || (answer.kind === 'trade' && !isOurs(world.setting, answer));
  if (worthless) {
    sameFacts(before, decision.state, 'an answer without information');
    const byPerson = phase.kind === 'done' && phase.decidedBy === DecidedBy.operator;
    if (!byPerson && (phase.kind === 'done' || phase.kind === 'closing' || phase.kind === 'handed-over')) {
      violated(9, `an answer without information led to ${phase.kind}`);
    }
  }
  if (phase.kind === 'done' && phase.outcome === Outcome.NOT_CREATED && phase.decidedBy === DecidedBy.alipay) {
    violated(2, 'NOT_CREATED by a query alone');
  }
}

function sameFacts({ memory: before }: State, { memory: after }: State, what: string): void {
  const same =
    before.tradeStatus === after.tradeStatus &&
    before.everPaid === after.everPaid &&
    before.tradeNo === after.tradeNo &&
    before.outTradeNo === after.outTradeNo &&
    before.actions === after.actions &&
    before.cancelMayHaveReached === after.cancelMayHaveReached;
  if (!same) violated(9, `${what} changed what is known of the trade`);
}

/** 7: `retry_flag` Y or absent, or no usable answer → back off and again; N with an error → a query, and only then a person. */
function checkCancelled({ answer }: CancelReport, { before, decision }: DecisionStep): void {
  const { phase } = decision.state;
  if (phase.kind === 'done' || phase.kind === 'closing') violated(7, 'a cancel answer alone ended the resolution');
  if (answer.kind === 'answered') {
    if (answer.retryFlag !== RetryFlag.N && !isRepeatedLater(decision)) {
      violated(7, 'after retry_flag Y, or none, the cancel is not repeated after a back-off');
    }
    if (answer.retryFlag === RetryFlag.N && answer.action !== undefined && decision.command.kind !== 'query') {
      violated(7, 'an action was answered and the next thing is not a query');
    }
    return;
  }
  if (before.memory.actions !== decision.state.memory.actions) violated(9, 'a failed cancel changed the actions');
  if (NO_INFORMATION.has(answer.failure) && !isRepeatedLater(decision)) {
    violated(7, 'after a cancel without a usable answer it is not repeated after a back-off');
  }
  if (answer.failure === FailureClass.business && answer.retryFlag === RetryFlag.N) {
    const askedJustBefore = before.phase.kind === 'needs-operator';
    if (decision.command.kind !== 'query' && !askedJustBefore) violated(7, 'N with an error, and no query follows');
  }
}

/** After a back-off; a trade of which a person was told goes on with its cancel, slowly. */
function isRepeatedLater({ state: { phase }, command }: Decision): boolean {
  return (phase.kind === 'cancelling' || phase.kind === 'needs-operator') && command.kind === 'wait';
}

/** 11: wanting something twice is wanting it once, and a wish is no fact. */
function checkRepeated({ before, observation, decision, nowMs }: DecisionStep, rules: Rules): void {
  if (repeatable.has(decision)) return;
  sameFacts(before, decision.state, `"${observation.kind}"`);
  const again = rules.decide(decision.state, observation, nowMs);
  if (JSON.stringify(again) !== JSON.stringify(decision))
    violated(11, `a second "${observation.kind}" changed something`);
  repeatable.add(decision);
}

/** Decisions that were looked at already. */
const repeatable = new WeakSet<Decision>();
