/** `decide` is pure, so the same question is asked once: the search meets each of its states in thousands of worlds. */
import type { ParsedInput } from '../../contract/resolution-input.ts';
import type { Decision, Memory, Observation, State } from '../../resolution/index.ts';
import type { Canon } from './canonical.ts';
import { STEP_MS } from './settings.ts';
import type { Rules } from './shell.ts';

export function remembering(rules: Rules, canon: Canon): Rules {
  const decisions = new Map<number, Decision>();
  const resumed = new Map<number, Decision>();
  const begun = new Map<ParsedInput, Map<number, Decision>>();
  const onTheWay = new WeakMap<State, Map<number, Decision>>();
  return {
    ...rules,
    /** Asked at every reset. A new state each time would be kept as one more by whoever looks it up. */
    begin(input: ParsedInput, startedAtMs: number, nowMs: number, known?: Memory): Decision {
      if (known !== undefined) return rules.begin(input, startedAtMs, nowMs, known);
      return remembered(begun, input, instant(nowMs), () => rules.begin(input, startedAtMs, nowMs));
    },
    decide(state: State, observation: Observation, nowMs: number): Decision {
      const id = canon.idOf(state);
      // Between two observations that come at once.
      if (id === undefined) {
        const question = instant(nowMs) * OBSERVATIONS + numberOf(observation, canon);
        return remembered(onTheWay, state, question, () => rules.decide(state, observation, nowMs));
      }
      const question = (id * INSTANTS + instant(nowMs)) * OBSERVATIONS + numberOf(observation, canon);
      let decision = decisions.get(question);
      if (decision === undefined) decisions.set(question, (decision = rules.decide(state, observation, nowMs)));
      return decision;
    },
    resume(state: State, nowMs: number): Decision {
      const id = canon.idOf(state);
      if (id === undefined) return rules.resume(state, nowMs);
      const question = id * INSTANTS + instant(nowMs);
      let decision = resumed.get(question);
      if (decision === undefined) resumed.set(question, (decision = rules.resume(state, nowMs)));
      return decision;
    },
  };
}

interface Answers<K> {
  get(of: K): Map<number, Decision> | undefined;
  set(of: K, answers: Map<number, Decision>): unknown;
}

function remembered<K>(all: Answers<K>, of: K, question: number, ask: () => Decision): Decision {
  let answers = all.get(of);
  if (answers === undefined) all.set(of, (answers = new Map<number, Decision>()));
  let decision = answers.get(question);
  if (decision === undefined) answers.set(question, (decision = ask()));
  return decision;
}

/** On the clock of the search there is the step, and a short wait after it. */
const INSTANTS = 32;
const OBJECTS = 256;
const OBSERVATIONS: number = 16 * OBJECTS * INSTANTS * 4;

function instant(atMs: number): number {
  return Math.floor(atMs / STEP_MS) * 2 + (atMs % STEP_MS === 0 ? 0 : 1);
}

const KINDS: readonly Observation['kind'][] = [
  'queried',
  'cancelled',
  'refunded',
  'refundQueried',
  'decidedManually',
  'payAnswered',
  'waited',
  'lookNow',
  'cancelNow',
  'interrupted',
  'reset',
];

function numberOf(observation: Observation, canon: Canon): number {
  return KINDS.indexOf(observation.kind) * OBJECTS * INSTANTS * 4 + detailOf(observation, canon);
}

function detailOf(observation: Observation, canon: Canon): number {
  switch (observation.kind) {
    case 'queried': {
      const { answer, scheduledAtMs, trail } = observation.report;
      return (canon.objectId(answer) * INSTANTS + instant(scheduledAtMs)) * 4 + trail.length;
    }
    case 'cancelled':
    case 'refunded':
    case 'refundQueried':
      return canon.objectId(observation.report.answer);
    case 'decidedManually':
      return canon.objectId(observation.manualDecision);
    case 'payAnswered':
      return observation.answer.length;
    case 'interrupted':
      return observation.questions;
    case 'waited':
    case 'reset':
    case 'lookNow':
    case 'cancelNow':
      return 0;
  }
}
