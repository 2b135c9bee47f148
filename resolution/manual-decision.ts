/** Who may decide what, and when: the shape of a manual decision, the phase, and the table of `manual-decision-table.ts`. */
import { Outcome, type ManualDecision } from '../contract/resolution.ts';
import { OPERATOR_REASONS } from './operator-reasons.ts';
import { MANUAL_DECISION_ROWS, type Order } from './manual-decision-table.ts';
import type { State } from './state.ts';

/** Why this manual decision is refused now, as a sentence for the operator; `undefined`: it is allowed. */
export function whyNotDecideManually(
  { memory, phase }: State,
  manualDecision: ManualDecision,
  nowMs: number,
): string | undefined {
  if (phase.kind !== 'needs-operator') {
    return `The trade is in phase ${phase.kind}; only one that needs an operator can be resolved manually.`;
  }
  if (phase.step.kind === 'checkDecision')
    return 'Another decision is being checked with a fresh query: look at its result first.';
  if (manualDecision.kind === 'outcome' && !isOutcome(manualDecision.outcome))
    return `outcome must be one of ${Object.keys(Outcome).join(', ')}; a refund is ordered with orderRefund.`;
  if (!filled(manualDecision.who)) return 'who is required: the name of the person who decides.';
  if (!filled(manualDecision.why)) return 'why is required: what the decision rests on.';
  return contradiction(orderOf(manualDecision), { memory, nowMs });
}

/** Why `cancelNow` is refused now; `undefined`: it is allowed, or already under way. */
export function whyNotCancelNow({ memory, phase }: State): string | undefined {
  const isAgainstTheWord = memory.callerSaysPaid && !memory.cancelMayHaveReached;
  switch (phase.kind) {
    case 'guarding':
    case 'querying':
    case 'cancelling':
    case 'watching':
    case 'closing':
      return isAgainstTheWord ? AGAINST_THE_WORD : undefined;
    case 'needs-operator':
      if (isAgainstTheWord) return AGAINST_THE_WORD;
      if (memory.outTradeNo === undefined)
        return 'No signed answer has named the outTradeNo of this trade yet: there is nothing to cancel it by.';
      if (memory.refundBegun) return 'The trade is being refunded: a cancel must not run beside that.';
      return OPERATOR_REASONS[phase.reason].cancelAllowed
        ? undefined
        : `This trade needs a person (${phase.reason}) and must not be cancelled: ${OPERATOR_REASONS[phase.reason].remedy}`;
    case 'refunding':
      return 'The trade is being refunded: a cancel must not run beside that.';
    case 'handed-over':
      return `This run has handed over to outTradeNo ${phase.outTradeNo}: send cancelNow there.`;
    case 'done':
      return `The trade is resolved: ${phase.outcome}.`;
  }
}

const AGAINST_THE_WORD =
  'The service says that its pay call was answered as paid: nothing is cancelled against that. Alipay is asked until it says the same, or a person is needed.';

export function contradiction(order: Order, standing: Parameters<ManualDecisionRow['holds']>[0]): string | undefined {
  return MANUAL_DECISION_ROWS[order].find((row) => row.holds(standing))?.says(standing);
}

type ManualDecisionRow = (typeof MANUAL_DECISION_ROWS)[Order][number];

export function orderOf(manualDecision: ManualDecision): Order {
  return manualDecision.kind === 'refund' ? 'refund' : manualDecision.outcome;
}

/** What arrives here comes from outside: it is checked, not believed. */
function isOutcome(outcome: unknown): boolean {
  return typeof outcome === 'string' && Object.hasOwn(Outcome, outcome);
}

function filled(text: unknown): boolean {
  return typeof text === 'string' && text.trim() !== '' && text.length <= 500;
}
