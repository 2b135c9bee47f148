/** A run as a story that a person can read: what happened, what the rules made of it, and what is true meanwhile. */
import type { PhaseState } from '../../resolution/index.ts';
import { MOVES } from './moves.ts';
import type { FoundViolation, SearchResult } from './search.ts';
import { isOver, startWorld, type Call, type World } from './world.ts';

/** One thing that happened; the last one of a story breaks the invariant and leads nowhere. */
export interface Step {
  readonly name: string;
  readonly isFault: boolean;
  readonly before: World;
  readonly after?: World;
}

const HOUR_MS = 3_600_000;

/** The story of a trace of the exhaustive search. */
export function tell(
  { setting, canon, rules }: Pick<SearchResult, 'setting' | 'canon' | 'rules'>,
  found: FoundViolation,
): string {
  const steps: Step[] = [];
  let before = canon.unpack(canon.pack(startWorld(setting)));
  for (const [at, index] of found.trace.entries()) {
    const move = MOVES[index];
    if (move === undefined) throw new RangeError(`no move ${index}`);
    const step: Step = { name: move.name, isFault: move.fault !== undefined, before };
    if (at === found.trace.length - 1) {
      steps.push(step);
      break;
    }
    const after = canon.unpack(canon.pack(move.then(before, rules)));
    steps.push({ ...step, after });
    before = after;
  }
  return storyOf(steps, found.violation.message);
}

export function storyOf(steps: readonly Step[], violation: string): string {
  const lines = steps.flatMap(({ name, isFault, before, after }, at) => [
    `${String(at + 1).padStart(3)}. ${hours(before.nowMs)} ${name}${isFault ? '   ⚡ fault' : ''}`,
    ...(after === undefined ? [] : changes(before, after)),
  ]);
  return [`World: ${steps[0]?.before.setting.name ?? ''}`, '', ...lines, '', `     ✗ ${violation}`].join('\n');
}

function hours(ms: number): string {
  return `+${(ms / HOUR_MS).toFixed(2)} h`.padStart(9);
}

function changes(before: World, after: World): string[] {
  const said: string[] = [];
  if (before.trade !== after.trade) said.push(`trade: ${before.trade} → ${after.trade}`);
  if (before.strays.length !== after.strays.length)
    said.push(`cancel requests still on their way: ${after.strays.length}`);
  const phase = describePhase(after);
  if (phase !== describePhase(before)) said.push(`rules: ${phase}`);
  if (describeCall(after.call) !== describeCall(before.call) && !isOver(after))
    said.push(`then: ${describeCall(after.call)}`);
  return said.length === 0 ? [] : [`              ${said.join('; ')}`];
}

function describePhase({ state }: World): string {
  return state === undefined ? 'not begun' : phaseText(state.phase);
}

function phaseText(phase: PhaseState): string {
  switch (phase.kind) {
    case 'cancelling':
    case 'closing':
    case 'refunding':
      return `${phase.kind}/${phase.step.kind}`;
    case 'needs-operator':
      return `needs-operator(${phase.reason})/${phase.step.kind}`;
    case 'done':
      return `done: ${phase.outcome}, decided by ${phase.decidedBy}`;
    case 'guarding':
    case 'querying':
    case 'watching':
    case 'handed-over':
      return phase.kind;
  }
}

function describeCall(call: Call): string {
  switch (call.kind) {
    case 'query':
    case 'cancel':
    case 'refund':
    case 'queryRefund':
      return `${call.kind} ${call.stage}${call.answer === undefined ? '' : ` (${answerText(call.answer)})`}`;
    case 'wait':
    case 'notBegun':
    case 'carried':
    case 'over':
      return call.kind;
  }
}

function answerText(answer: object): string {
  const { detail: _, outTradeNo: __, tradeNo: ___, totalAmount: ____, ...rest } = answer as { [name: string]: unknown };
  return Object.values(rest).join(' ');
}
