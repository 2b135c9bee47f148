/**
 * The search attributes of `contract/names.ts`. One that is not registered stalls every resolution for ever while nothing fails
 * (the server refuses the workflow task, which is then retried), so they are checked before a worker takes any work.
 */
import type { ConnectionLike } from '@temporalio/client';

import { SearchAttributes } from '../contract/names.ts';
import { StartProblem } from './start-problem.ts';

export type AttributeCheck =
  | { readonly kind: 'registered' }
  | { readonly kind: 'missing'; readonly names: readonly string[]; readonly remedy: string }
  /** Registered under another type, which cannot be changed. */
  | { readonly kind: 'wrongType'; readonly names: readonly string[]; readonly remedy: string }
  /** The server lets nobody look. */
  | { readonly kind: 'unknown'; readonly reason: string };

const NAMES: readonly string[] = Object.values(SearchAttributes);
/** `IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD` of the Temporal API. */
const KEYWORD = 2;
const DEADLINE_MS = 10_000;

/** The Temporal CLI's command that registers `names`. */
export function registerCommand(namespace: string, names: readonly string[] = NAMES): string {
  const attributes = names.map((name) => `--name ${name} --type Keyword`).join(' ');
  return `temporal operator search-attribute create --namespace ${namespace} ${attributes}`;
}

/** @throws StartProblem when the namespace cannot be used */
export async function checkSearchAttributes(connection: ConnectionLike, namespace: string): Promise<AttributeCheck> {
  await checkNamespace(connection, namespace);
  const types = await registeredTypes(connection, namespace);
  if (types === undefined) {
    return { kind: 'unknown', reason: `this server does not list search attributes. ${byHand(namespace)}` };
  }
  const missing = NAMES.filter((name) => !types.has(name));
  if (missing.length > 0) {
    const remedy = `Register them once: \`npm run cli -- setup\`, or \`${registerCommand(namespace, missing)}\`. On Temporal Cloud: the namespace's settings.`;
    return { kind: 'missing', names: missing, remedy };
  }
  const wrong = NAMES.filter((name) => types.get(name) !== KEYWORD);
  if (wrong.length > 0) {
    const remedy = 'Their type must be Keyword: use another namespace, or remove them there and register them anew.';
    return { kind: 'wrongType', names: wrong, remedy };
  }
  return { kind: 'registered' };
}

async function checkNamespace(connection: ConnectionLike, namespace: string): Promise<void> {
  try {
    await connection.withDeadline(Date.now() + DEADLINE_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartProblem(
      `Namespace ${namespace} cannot be used: ${reason}`,
      'Set TEMPORAL_NAMESPACE to one that exists and that TEMPORAL_API_KEY or the client certificate may use, or create it: ' +
        '`temporal operator namespace create --namespace NAME`.',
      { cause: error },
    );
  }
}

/**
 * Registers what is missing and resolves with the names that it registered. Twice does nothing more than once.
 * @throws StartProblem where the server does not register them, with the way out
 */
export async function registerSearchAttributes(
  connection: ConnectionLike,
  namespace: string,
): Promise<readonly string[]> {
  const check = await checkSearchAttributes(connection, namespace);
  const names = check.kind === 'missing' ? check.names : [];
  if (names.length === 0) return [];
  try {
    await connection.withDeadline(Date.now() + DEADLINE_MS, () =>
      connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(names.map((name) => [name, KEYWORD])),
      }),
    );
    return names;
  } catch (error) {
    throw await notRegistered(connection, { namespace, names, error });
  }
}

interface FailedRegistration {
  readonly namespace: string;
  readonly names: readonly string[];
  readonly error: unknown;
}

/** Of SQL stores' columns ten are Keyword. Source: Temporal server 1.29, `service/frontend/operator_handler.go`. */
const NO_ROOM = /cannot have more than (\d+) search attributes? of type Keyword/;

async function notRegistered(
  connection: ConnectionLike,
  { namespace, names, error }: FailedRegistration,
): Promise<StartProblem> {
  const reason = error instanceof Error ? error.message : String(error);
  const [, most] = NO_ROOM.exec(reason) ?? [];
  if (most === undefined) {
    return new StartProblem(
      `The search attributes cannot be registered in namespace ${namespace}: ${reason}.`,
      `${byHand(namespace)}. On Temporal Cloud: the namespace's settings.`,
      { cause: error },
    );
  }
  const types = (await registeredTypes(connection, namespace)) ?? new Map<string, number>();
  const there = [...types]
    .filter(([, type]) => type === KEYWORD)
    .map(([name]) => name)
    .toSorted((a, b) => (a < b ? -1 : 1));
  return new StartProblem(
    `Namespace ${namespace} has no room for ${names.join(', ')}: its store holds ${most} of type Keyword, as SQL stores do, and has ${there.join(', ')}.`,
    'Give the resolutions a namespace of their own: `temporal operator namespace create --namespace NAME`, and TEMPORAL_NAMESPACE=NAME from then on, ' +
      'for `setup`, workers and starts. Or make room, if nobody needs one of those any more: ' +
      `\`temporal operator search-attribute remove --namespace ${namespace} --name NAME\`. With Elasticsearch there is no such limit.`,
    { cause: error },
  );
}

function byHand(namespace: string): string {
  return `Make sure that these are registered with type Keyword in namespace ${namespace}: ${NAMES.join(', ')}`;
}

async function registeredTypes(
  connection: ConnectionLike,
  namespace: string,
): Promise<ReadonlyMap<string, number> | undefined> {
  try {
    const { customAttributes } = await connection.withDeadline(Date.now() + DEADLINE_MS, () =>
      connection.operatorService.listSearchAttributes({ namespace }),
    );
    return new Map(Object.entries(customAttributes));
  } catch {
    return await typesByAsking(connection, namespace);
  }
}

/**
 * Temporal Cloud has no operator service, and elsewhere it may not be ours to call. A filter with an attribute that is not registered
 * is refused, so counting tells; not the type, though.
 */
async function typesByAsking(
  connection: ConnectionLike,
  namespace: string,
): Promise<ReadonlyMap<string, number> | undefined> {
  const found = new Map<string, number>();
  for (const name of NAMES) {
    try {
      await connection.withDeadline(Date.now() + DEADLINE_MS, () =>
        connection.workflowService.countWorkflowExecutions({ namespace, query: `${name} = 'none'` }),
      );
      found.set(name, KEYWORD);
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== INVALID_ARGUMENT) return undefined;
    }
  }
  return found;
}

/** The gRPC status. */
const INVALID_ARGUMENT = 3;
