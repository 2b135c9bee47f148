/**
 * A workflow interceptor that tells every command the workflow gives, with all its options: what replay alone does not
 * compare (delays, arguments, timeouts, retry policies, search attribute values). Only the tests' bundle holds it.
 */
import { proxySinks, type Sinks, type WorkflowInterceptors } from '@temporalio/workflow';

export interface TraceSinks extends Sinks {
  trace: { commands(commands: unknown): void };
}

const { trace } = proxySinks<TraceSinks>();

export const interceptors = (): WorkflowInterceptors => ({
  internals: [
    {
      concludeActivation(input, next) {
        trace.commands(input.commands);
        return next(input);
      },
    },
  ],
});
