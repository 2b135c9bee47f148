/** Messages that arrive, timers that fire, workers that go away: what happens on our side between two calls. */
import { wordOf } from '../../contract/answers.ts';
import { Outcome, PayAnswer } from '../../contract/resolution.ts';
import type { Observation } from '../../resolution/index.ts';
import type { Move } from './move.ts';
import { followsDecision } from './reductions.ts';
import { SHORT_MS } from './settings.ts';
import {
  beginWork,
  type Rules,
  feed,
  interrupted,
  interruptedByDecision,
  isChecked,
  resumeWork,
  manualDecisionOf,
} from './shell.ts';
import { gaveMoneyBack, isOver, isPaid, type DecisionSent, type World } from './world.ts';

function isTrue(world: World, as: DecisionSent['as']): boolean {
  switch (as) {
    case Outcome.PAID:
      return isPaid(world);
    case Outcome.CLOSED:
      return world.trade === 'closed';
    case Outcome.REFUNDED:
      return gaveMoneyBack(world);
    case Outcome.NOT_CREATED:
      return world.trade === 'none';
    case 'refund':
      return false;
  }
}

/**
 * The validators belong to the code under test, and `when` has no rules at hand: a refused update leaves the world as it is. Where the way
 * from the operator to the rules cannot matter, it is taken at once.
 */
function decides(as: DecisionSent['as']): Move {
  return {
    name: `Operator: decides, ${as}`,
    message: as === 'refund' ? 'orderRefund' : `resolveManually ${as}`,
    when: (world) =>
      world.state !== undefined &&
      world.call.kind !== 'over' &&
      world.manualDecision === undefined &&
      world.call.kind !== 'carried' &&
      (followsDecision(world, as) || isInterruptible(world) || isBeforeQuery(world)),
    then: (world, rules) => {
      const { state } = world;
      if (state === undefined || rules.whyNotDecideManually(state, manualDecisionOf({ as }), world.nowMs) !== undefined)
        return world;
      const sent: World = { ...world, manualDecision: { as, truthful: isTrue(world, as) } };
      return followsDecision(world, as) ? sent : interruptedByDecision(sent, rules);
    },
  };
}

/** A poll or a wait can be interrupted. */
function isInterruptible({ call }: World): boolean {
  return call.kind === 'wait' || (call.kind === 'query' && call.poll !== undefined && call.stage !== 'answered');
}

/** Messages are looked at here too: just before a single query is asked. */
function isBeforeQuery({ call, nowMs }: World): boolean {
  return call.kind === 'query' && call.poll === undefined && call.stage === 'scheduled' && call.scheduledAtMs === nowMs;
}

function takesWish(world: World): boolean {
  return world.manualDecision === undefined && (isInterruptible(world) || isBeforeQuery(world));
}

const LOOK: Observation = { kind: 'lookNow' };
const CANCEL: Observation = { kind: 'cancelNow' };
const PAY: { readonly [A in PayAnswer]: Observation } = {
  paid: { kind: 'payAnswered', answer: PayAnswer.paid },
  uncertain: { kind: 'payAnswered', answer: PayAnswer.uncertain },
  refused: { kind: 'payAnswered', answer: PayAnswer.refused },
};

/**
 * What the service says of its guarded pay call is true, and may come late: of a trade that was paid and has been reversed meanwhile,
 * too. A refused pay request lands no more. A service that errs has its own world, without a guard, in which its word would be believed.
 */
function canSpeak({ setting }: World, answer: PayAnswer): boolean {
  return answer === PayAnswer.paid ? setting.serviceSpeaks === true : setting.input.guardUntilMs !== undefined;
}

function canSayPaid(world: World): boolean {
  return world.setting.serviceErrs === true || isPaid(world) || gaveMoneyBack(world);
}

function payAnswered(answer: PayAnswer, isSo: (world: World) => boolean): Move {
  return {
    name: `Signal: the pay call was answered as ${answer}`,
    message: `payAnswered ${answer}`,
    when: (world) => canSpeak(world, answer) && takesWish(world) && isSo(world),
    then: (world, rules) =>
      takes(answer === PayAnswer.refused ? { ...world, payInFlight: false } : world, PAY[answer], rules),
  };
}

function takes(world: World, observation: Observation, rules: Rules): World {
  return feed(interrupted(world, rules), observation, rules);
}

/**
 * A word that comes while the last question is under way: it is heard right after the answer, before anything that the answer has decided is
 * done. `payAnswered` alone, since no other message may stop a first cancel.
 */
const PAID_WITH_THE_ANSWER: Move = {
  name: 'query: the answer arrives, and with it the word that pay was answered as paid',
  message: 'payAnswered paid',
  when: (world) =>
    world.call.kind === 'query' &&
    world.call.stage === 'answered' &&
    world.manualDecision === undefined &&
    world.setting.serviceSpeaks === true &&
    canSayPaid(world),
  then: (world, rules) => hearing(world, rules, PAY.paid),
};

/** The other order is safe too: nothing that the answer has decided is done before the word is heard. */
const PAID_AFTER_THE_ANSWER: Move = {
  ...PAID_WITH_THE_ANSWER,
  name: 'query: the answer arrives, and after it, before anything is done, the word that pay was answered as paid',
  then: (world, rules) => {
    const told = feed(world, reportOf(world), rules);
    return isOver(told) ? told : feed(told, PAY.paid, rules);
  },
};

/** Likewise while the refund query is under way. */
const PAID_WITH_THE_REFUND_QUERY: Move = {
  name: 'refund query: the answer arrives, and with it the word that pay was answered as paid',
  message: 'payAnswered paid',
  when: (world) =>
    world.call.kind === 'queryRefund' &&
    world.call.stage === 'answered' &&
    world.manualDecision === undefined &&
    world.setting.serviceSpeaks === true &&
    canSayPaid(world),
  then: (world, rules) => {
    const { call, nowMs } = world;
    if (call.kind !== 'queryRefund' || call.answer === undefined) throw new TypeError('It is not answered');
    const report = { answer: call.answer, scheduledAtMs: nowMs };
    return feed(feed(world, PAY.paid, rules), { kind: 'refundQueried', report }, rules);
  },
};

/** The word first, then the answer, as the workflow has it. */
function hearing(world: World, rules: Rules, word: Observation): World {
  const told = feed(world, word, rules);
  return isOver(told) ? told : feed(told, reportOf(world), rules);
}

function reportOf({ call }: World): Observation {
  if (call.kind !== 'query' || call.answer === undefined) throw new TypeError('The query is not answered');
  const { answer, scheduledAtMs, startedAtMs, asked } = call;
  const trail = [{ at: new Date(scheduledAtMs).toISOString(), answer: wordOf(answer) }];
  return { kind: 'queried', report: { answer, scheduledAtMs, startedAtMs, polls: asked, trail } };
}

/** Temporal's reset to the start: the run knows nothing more, but that it is a reset. A call under way goes on as a stray. */
const RESET: Move = {
  name: 'Operator: resets the run to its start',
  fault: 'reset',
  when: ({ setting, state, call, manualDecision, happened }) =>
    setting.resets === true &&
    state !== undefined &&
    manualDecision === undefined &&
    !happened.wasReset &&
    call.kind !== 'carried' &&
    call.kind !== 'over',
  then: (world, rules) => {
    const { setting, nowMs } = world;
    const begun = rules.begin(setting.input, 0, nowMs).state;
    return feed({ ...leftBehind(world), state: begun }, { kind: 'reset' }, rules);
  },
};

function leftBehind(world: World): World {
  const { call, nowMs, setting, strays } = world;
  const reckonedUntilMs = nowMs + setting.input.policy.marginMs;
  const open =
    call.kind === 'cancel' && call.stage === 'sent' && strays.length < 2 ? [...strays, { reckonedUntilMs }] : strays;
  const left: World = {
    ...world,
    strays: open.map((stray) => (stray.reckonedUntilMs === Number.POSITIVE_INFINITY ? { reckonedUntilMs } : stray)),
  };
  const refundIsOut = (call.kind === 'refund' && call.stage === 'sent') || world.strayRefund !== undefined;
  return refundIsOut ? { ...left, strayRefund: { reckonedUntilMs } } : left;
}

/** Nothing has been done of the present command yet, and no update waits to be taken. */
function isCarriable({ call, manualDecision }: World): boolean {
  if (manualDecision !== undefined) return false;
  return call.kind === 'wait' || ((call.kind === 'query' || call.kind === 'queryRefund') && call.stage === 'scheduled');
}

export const SHELL_MOVES: readonly Move[] = [
  PAID_WITH_THE_ANSWER,
  PAID_AFTER_THE_ANSWER,
  PAID_WITH_THE_REFUND_QUERY,
  RESET,
  {
    name: 'Worker: begins the resolution',
    when: ({ call }) => call.kind === 'notBegun',
    then: beginWork,
  },
  {
    name: 'Timer: the wait is over',
    when: ({ call, nowMs }) => call.kind === 'wait' && call.untilMs - nowMs <= SHORT_MS,
    then: (world, rules) => {
      const { call } = world;
      if (call.kind !== 'wait') return world;
      return feed({ ...world, nowMs: Math.max(world.nowMs, call.untilMs) }, { kind: 'waited' }, rules);
    },
  },
  {
    name: 'Operator: the decision is taken',
    when: (world) =>
      world.manualDecision !== undefined && !isChecked(world) && (isInterruptible(world) || isBeforeQuery(world)),
    then: interruptedByDecision,
  },
  {
    name: 'Signal: look now',
    message: 'tradeNotified, retryNow',
    when: (world) => world.manualDecision === undefined && isInterruptible(world),
    then: (world, rules) => takes(world, LOOK, rules),
  },
  {
    name: 'Update: cancel now',
    message: 'cancelNow',
    when: takesWish,
    then: (world, rules) =>
      world.state === undefined || rules.whyNotCancelNow(world.state) !== undefined
        ? world
        : takes(world, CANCEL, rules),
  },
  payAnswered(PayAnswer.paid, canSayPaid),
  payAnswered(PayAnswer.uncertain, () => true),
  payAnswered(PayAnswer.refused, ({ trade, payInFlight }) => trade === 'none' && payInFlight),
  decides(Outcome.PAID),
  decides(Outcome.CLOSED),
  decides(Outcome.REFUNDED),
  decides(Outcome.NOT_CREATED),
  decides('refund'),
  {
    name: 'Workflow: continued as new, no worker there to go on',
    fault: 'away',
    when: isCarriable,
    then: (world) => ({ ...world, call: { kind: 'carried', late: false } }),
  },
  {
    name: 'Workflow: a worker goes on',
    when: ({ call }) => call.kind === 'carried',
    then: resumeWork,
  },
];

/** An HTTP call ends within seconds: no deadline falls into one. */
export function canTimePass({ call }: World): boolean {
  return !(call.kind === 'over' || ((call.kind === 'cancel' || call.kind === 'refund') && call.stage === 'sent'));
}

/** The clock moves on. What had to happen at once has not happened. */
export function passTime(world: World, byMs: number): World {
  const { call } = world;
  const nowMs = world.nowMs + byMs;
  switch (call.kind) {
    case 'cancel':
      return { ...world, nowMs, call: call.fresh ? { ...call, fresh: false } : call };
    case 'refund':
      return { ...world, nowMs, call: call.fresh ? { ...call, fresh: false } : call };
    case 'carried':
      return { ...world, nowMs, call: call.late ? call : { kind: 'carried', late: true } };
    case 'notBegun':
    case 'query':
    case 'queryRefund':
    case 'wait':
    case 'over':
      return { ...world, nowMs };
  }
}
