/**
 * A broken invariant is a defect of this program. It is a plain error on purpose: thrown in workflow code it stops the
 * workflow TASK, so the trade stays open and visible, and a corrected worker goes on where this one stopped. A
 * TemporalFailure would end the workflow with the truth unknown.
 */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}

export function assertInvariant(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new InvariantViolation(`${invariant}. The trade stays open; report this with its history.`);
}
