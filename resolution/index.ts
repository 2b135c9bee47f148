/** The rules' face to the workflow, the model checker and the tests. */
export { begin, decide, resume } from './decide.ts';
export { explain } from './explain.ts';
export { InvariantViolation } from './invariant.ts';
export { movesMoney } from './next-command.ts';
export type { Observation } from './observation.ts';
export { OPERATOR_REASONS } from './operator-reasons.ts';
export { whyNotCancelNow, whyNotDecideManually } from './manual-decision.ts';
export type { Command, Decision, DonePhase, Memory, PhaseState, State } from './state.ts';
export { toResolution } from './view.ts';
