/** Counts what a notification costs, at the real parts: verifications at `node:crypto`, calls of Temporal at the gRPC connection. */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { Connection, type ConnectionOptions } from '@temporalio/client';

export interface Verifications {
  /** How often a signature was verified in this process while `act` ran. */
  during(act: () => Promise<unknown>): Promise<number>;
  stop(): void;
}

/** Verifies as ever, and counts. */
export function countVerifications(): Verifications {
  const { createVerify } = crypto;
  let count = 0;
  const install = (replacement: typeof createVerify): void => {
    crypto.createVerify = replacement;
    // Named imports of modules that are loaded already follow.
    syncBuiltinESMExports();
  };
  install((...args: Parameters<typeof createVerify>) => {
    count += 1;
    return createVerify(...args);
  });
  return {
    async during(act) {
      const before = count;
      await act();
      return count - before;
    },
    stop: () => install(createVerify),
  };
}

export interface CountedConnection {
  readonly connection: Connection;
  /** Names of the calls sent so far, such as `SignalWorkflowExecution`; emptied by `reset`. */
  readonly calls: readonly string[];
  reset(): void;
}

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

/** A connection without retries of its own: each call is one that was wanted. */
export async function countedConnection(address: string): Promise<CountedConnection> {
  const calls: string[] = [];
  const counting: Interceptor = (options, nextCall) => {
    calls.push(options.method_definition.path.split('/').at(-1) ?? '');
    // Called the same as any; gRPC's type asks for the class, which no package of ours exports.
    return nextCall(options) as ReturnType<Interceptor>;
  };
  const connection = await Connection.connect({ address, interceptors: [counting] });
  return { connection, calls, reset: () => void calls.splice(0) };
}
