/**
 * The question that an operator may have to put before Alipay, in the worker's log: environment, interface, parameters and error with its
 * trace id, to be pasted as it is. A history gets the narrowed failure alone.
 */
import { log } from '@temporalio/activity';
import type { CallFailure } from '../alipay/failed-call.ts';

export function logProblem({ problem }: CallFailure): void {
  log.warn(problem.message);
}
