/**
 * What clients in other languages, with other codecs, put on the wire and the TypeScript client cannot: payloads byte by byte,
 * through the server's own API. Text that starts with `rejected: ` is how the server or the workflow refused.
 */
import { randomUUID } from 'node:crypto';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { TASK_QUEUE, WORKFLOW_TYPE } from '../../contract/names.ts';

export interface Payload {
  readonly metadata: Record<string, Uint8Array>;
  readonly data: Uint8Array;
}

export function encoded(encoding: string, data: string | Uint8Array): Payload {
  return { metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(data) };
}

/** JSON as it is written, however wrong. */
export function text(json: string): Payload {
  return encoded('json/plain', json);
}

export function json(value: unknown): Payload {
  return text(JSON.stringify(value));
}

export const BYTES: Payload = encoded('binary/plain', Uint8Array.of(0, 255, 1));
export const NOTHING: Payload = encoded('binary/null', '');

/** What the SDK's decoder throws at. */
export const UNDECODABLE: readonly (readonly [what: string, payload: Payload])[] = [
  ['JSON that is cut short', text('{"a":')],
  ['no bytes under the name of JSON', text('')],
  ['an encryption that only the caller can undo', encoded('binary/encrypted', Uint8Array.of(0, 255, 1))],
  ['a Protobuf message as JSON', encoded('json/protobuf', '{}')],
  ['a Protobuf message as bytes', encoded('binary/protobuf', Uint8Array.of(10, 0))],
  ['an encoding without a name', { metadata: {}, data: Buffer.from('x') }],
];

const NAMESPACE = 'default';
/** A workflow that answers at all answers well within this. */
const ANSWER_MS_MAX = 10_000;

export async function startRaw(client: Client, workflowId: string, payloads: readonly Payload[]): Promise<void> {
  await client.workflowService.startWorkflowExecution({
    namespace: NAMESPACE,
    workflowId,
    workflowType: { name: WORKFLOW_TYPE },
    taskQueue: { name: TASK_QUEUE },
    input: { payloads: [...payloads] },
    requestId: randomUUID(),
  });
}

export async function signalRaw(
  client: Client,
  workflowId: string,
  signalName: string,
  payloads: readonly Payload[],
): Promise<void> {
  await client.workflowService.signalWorkflowExecution({
    namespace: NAMESPACE,
    workflowExecution: { workflowId },
    signalName,
    input: { payloads: [...payloads] },
    requestId: randomUUID(),
  });
}

/** Resolves with `accepted`, or with why not. */
export async function updateRaw(
  client: Client,
  workflowId: string,
  name: string,
  payloads: readonly Payload[],
): Promise<string> {
  const completed = 3;
  const { outcome } = await client.withDeadline(Date.now() + ANSWER_MS_MAX, () =>
    client.workflowService.updateWorkflowExecution({
      namespace: NAMESPACE,
      workflowExecution: { workflowId },
      waitPolicy: { lifecycleStage: completed },
      request: {
        meta: { updateId: randomUUID(), identity: 'test' },
        input: { name, args: { payloads: [...payloads] } },
      },
    }),
  );
  return outcome?.failure ? `rejected: ${outcome.failure.message ?? ''}` : 'accepted';
}

/** Resolves with the JSON of the answer, or with why there is none. */
export async function queryRaw(
  client: Client,
  workflowId: string,
  queryType: string,
  payloads: readonly Payload[] = [],
): Promise<string> {
  try {
    const { queryResult } = await client.withDeadline(Date.now() + ANSWER_MS_MAX, () =>
      client.workflowService.queryWorkflow({
        namespace: NAMESPACE,
        execution: { workflowId },
        query: { queryType, queryArgs: { payloads: [...payloads] } },
      }),
    );
    return Buffer.from(queryResult?.payloads?.[0]?.data ?? '').toString();
  } catch (error) {
    if (isGrpcServiceError(error)) return `rejected: ${error.details}`;
    throw error;
  }
}

/** What failed the workflow tasks of a run, if anything did. */
export async function taskFailures(client: Client, workflowId: string): Promise<readonly string[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) =>
    failed == null ? [] : [failed.failure?.message ?? 'without a message'],
  );
}
