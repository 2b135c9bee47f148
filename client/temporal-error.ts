/**
 * Temporal's own errors in words. The SDK says "Failed to start Workflow" and keeps the cause to itself; here every error says what was
 * tried, why it did not come about, and what to do next.
 */
import {
  type Client,
  isGrpcServiceError,
  NamespaceNotFoundError,
  ServiceError,
  WorkflowNotFoundError,
} from '@temporalio/client';

import { ResolutionError, ResolutionErrorCode } from './errors.ts';

/** `what`: the attempt as a noun, such as "The start of workflow X". @throws ResolutionError Unavailable for an error of Temporal's */
export async function inWords<T>(client: Client, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const problem = problemOf(error, client.options.namespace);
    if (problem === undefined) throw error;
    const { cause, remedy } = problem;
    throw new ResolutionError(ResolutionErrorCode.Unavailable, `${what} failed: ${cause}. ${remedy}`, { cause: error });
  }
}

interface Problem {
  readonly cause: string;
  readonly remedy: string;
}

/** `undefined`: no error of Temporal's. */
function problemOf(error: unknown, namespace: string): Problem | undefined {
  if (error instanceof NamespaceNotFoundError) return noNamespace(namespace);
  // Where no workflow is an answer, it has been made one before it comes here.
  if (error instanceof WorkflowNotFoundError)
    return { cause: causeOf(error), remedy: 'It is being deleted: try again.' };
  const inner = error instanceof ServiceError ? error.cause : error;
  if (isGrpcServiceError(inner)) return refusalOf(inner.code, causeOf(inner), namespace);
  if (!(error instanceof ServiceError)) return undefined;
  return { cause: inner === undefined ? error.message : causeOf(inner), remedy: TRY_AGAIN };
}

/** One line. What grpc-js puts around the error of the socket is left out. */
export function causeOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace('No connection established. Last error: Error: ', '')
    .replace(/\s*Resolution note:\s*$/, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/[.:\s]+$/, '');
}

function noNamespace(namespace: string): Problem {
  return {
    cause: `Temporal has no namespace ${namespace}`,
    remedy: `Name the one that the workers use (TEMPORAL_NAMESPACE), or create it: \`temporal operator namespace create --namespace ${namespace}\`.`,
  };
}

const TRY_AGAIN = 'Try again; where it stays, the log of the Temporal server says more.';

/** gRPC statuses. Source: https://grpc.io/docs/guides/status-codes/ */
const REMEDIES: Readonly<Record<number, string>> = {
  4: 'Temporal did not answer in time, and it may have done it all the same. Do it again: twice does no harm.',
  7: 'Give TEMPORAL_API_KEY, or the client certificate, a role that may do this in the namespace.',
  8: 'Temporal is asked for more than it allows now. Wait a moment, and try again.',
  14: 'See that the Temporal server runs, and that its address can be reached from here. Then do it again: twice does no harm.',
  16: 'Check TEMPORAL_API_KEY or the client certificate: Temporal does not know it.',
};

/** Source of the words: Temporal server 1.29, `common/searchattribute` and `common/persistence/visibility`. */
const UNREGISTERED = /no mapping defined for search attribute|is not a valid search attribute/;
const NO_NAMESPACE = /^5 NOT_FOUND: Namespace /;

function refusalOf(code: number, cause: string, namespace: string): Problem {
  if (NO_NAMESPACE.test(cause)) return noNamespace(namespace);
  if (UNREGISTERED.test(cause)) {
    const remedy = `Register the search attributes in namespace ${namespace}: \`npm run cli -- setup\`; a new one counts after some seconds.`;
    return { cause, remedy };
  }
  return { cause, remedy: REMEDIES[code] ?? 'Mend what Temporal names there, then try again.' };
}
