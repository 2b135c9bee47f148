/**
 * One HTTP call, made once. What matters is what a failure proves: as long as no connection existed, nothing was sent; from
 * the moment it did, the request may have been executed, whatever went wrong afterwards.
 */
import { Pool } from 'undici';

import { codeOf, ConnectFailure, createConnector } from './connector.ts';
import type { Lookup } from './dial.ts';
import type { HttpProxy } from './http-proxy.ts';

export type TransportResult =
  | { readonly kind: 'response'; readonly bytes: Uint8Array; readonly traceId?: string }
  | { readonly kind: 'notSent'; readonly detail: string; readonly traceId?: undefined }
  | { readonly kind: 'unknown'; readonly detail: string; readonly traceId?: string };

export interface TransportOptions {
  readonly origin: string;
  readonly ca?: string;
  /** Every connection goes through it, by CONNECT, to a gateway by plain http too. @default none */
  readonly proxy?: HttpProxy;
  /** @default the system's */
  readonly lookup?: Lookup;
  /** Total time of one call, in ms. */
  readonly deadlineMs: number;
}

/** Chosen: answers of these interfaces are a few KiB; a proxy gone mad must not fill the memory. */
const RESPONSE_BYTES_MAX = 256 * 1024;
/** Chosen: more calls at once than this wait for a free connection, inside their deadline. */
const CONNECTIONS_MAX = 64;
/**
 * Polls come 3 to 6 s apart, right where servers close idle connections; measured with a longer keep-alive than the server's,
 * nearly half of the calls were reset, and a reset call is one whose result is unknown.
 */
const KEEP_ALIVE_MS = 2_000;
/** The official Java SDK's own (`AlipayClient`, 3000 ms). */
const CONNECT_MS_MAX = 3_000;

export class Transport {
  readonly #pool: Pool;
  readonly #deadlineMs: number;
  #ended = false;

  constructor({ origin, deadlineMs, ...connection }: TransportOptions) {
    this.#deadlineMs = deadlineMs;
    this.#pool = new Pool(origin, {
      connections: CONNECTIONS_MAX,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      // undici's timers are coarse by up to a second: the signal below is the deadline, these only a second net.
      headersTimeout: deadlineMs,
      bodyTimeout: deadlineMs,
      maxResponseSize: RESPONSE_BYTES_MAX,
      allowH2: false,
      // Below the deadline, so that a gateway that cannot be reached is told apart from one that does not answer.
      connect: createConnector({ ...connection, connectMs: Math.min(CONNECT_MS_MAX, Math.ceil(deadlineMs / 2)) }),
    });
  }

  /** Never rejects. No redirect is followed and no call repeated. `path` holds the signature: it is never quoted. */
  async post(path: string, body: string): Promise<TransportResult> {
    if (this.#ended) return { kind: 'notSent', detail: 'this gateway client has been ended; make a new one' };
    try {
      const response = await this.#pool.request({
        method: 'POST',
        path,
        headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8', accept: 'application/json' },
        body,
        signal: AbortSignal.timeout(this.#deadlineMs),
      });
      const trace = traceOf(response.headers);
      if (response.statusCode !== 200) {
        // The gateway answers everything with 200: this came from something in between, and its text is of no interest.
        await response.body.dump().catch(() => undefined);
        return { kind: 'unknown', detail: `HTTP status ${response.statusCode} instead of 200`, ...trace };
      }
      return { kind: 'response', bytes: new Uint8Array(await response.body.arrayBuffer()), ...trace };
    } catch (error) {
      return this.#failure(error);
    }
  }

  /** The Date header of whatever is answered, signed by nobody. Undefined: no answer, or none with a date. */
  async date(path: string): Promise<string | undefined> {
    try {
      const signal = AbortSignal.timeout(this.#deadlineMs);
      const { headers, body } = await this.#pool.request({ method: 'HEAD', path, signal });
      await body.dump();
      return typeof headers['date'] === 'string' ? headers['date'] : undefined;
    } catch {
      return undefined;
    }
  }

  /** Waits for calls under way, then closes every connection. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#pool.close();
  }

  #failure(error: unknown): TransportResult {
    if (error instanceof ConnectFailure) return { kind: 'notSent', detail: `${error.message}: nothing was sent` };
    const code = codeOf(error);
    const detail =
      code === 'TimeoutError' ? `no whole answer within ${this.#deadlineMs} ms` : `the call broke off (${code})`;
    return { kind: 'unknown', detail };
  }
}

const TRACE_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** `trace_id` of the v2 gateway, `alipay-trace-id` of the v3: what Alipay's support asks for first. */
function traceOf(headers: Readonly<Record<string, string | string[] | undefined>>): { traceId?: string } {
  const traceId = headers['trace_id'] ?? headers['alipay-trace-id'];
  return typeof traceId === 'string' && TRACE_ID.test(traceId) ? { traceId } : {};
}
