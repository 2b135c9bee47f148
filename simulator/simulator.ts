/**
 * Alipay's gateway, simulated: real HTTP, the v2 protocol, real RSA2 signatures, a ledger that knows the truth, and faults by
 * plan. Start one per process and give every trade its own number; nothing is shared between trades.
 */
import { createCredentials, type Credentials } from './credentials.ts';
import type { Behaviour } from './fault-plan.ts';
import { Gateway } from './gateway.ts';
import { Ledger } from './ledger.ts';
import { type CallView, viewCall } from './ledger-view.ts';
import type { World } from './method.ts';
import { type Control, controlOf } from './operations.ts';
import { PlanBook } from './plan-book.ts';
import { CONTROL_PATH, GATEWAY_PATH, listen } from './server.ts';

export interface SimulatorOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** @default "127.0.0.1" */
  readonly host?: string;
  /** @default a fresh set; making one takes about half a second, so tests that start many share one */
  readonly credentials?: Credentials;
  /** Where Alipay's documents are silent; a plan can say otherwise for its trade. */
  readonly behaviour?: Partial<Behaviour>;
  /** ms since the epoch; moves deadlines, late payments and queues. @default Date.now */
  readonly now?: () => number;
}

/** Which call to wait for. */
export interface CallMatch {
  /** For instance `alipay.trade.cancel`. */
  readonly method?: string;
  readonly outTradeNo?: string;
  /** The how-manieth such call, counted from the start. @default 1 */
  readonly count?: number;
}

export interface Simulator extends Control {
  readonly gatewayUrl: string;
  readonly controlUrl: string;
  readonly credentials: Credentials;
  /** Resolves when such a call has been received (its effect may still be to come); at once when it was before. */
  callReceived(match: CallMatch): Promise<CallView>;
  /** Closes every connection and the port. */
  stop(): Promise<void>;
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', behaviour = {}, now = Date.now } = options;
  const credentials = options.credentials ?? (await createCredentials());
  const ledger = new Ledger(now);
  const world: World = { ledger, plans: new PlanBook(behaviour), qrCodes: new Map(), blocked: new Set() };
  const control = controlOf({ world, credentials });
  const listener = await listen({ host, port, gateway: new Gateway(world, credentials), control });
  const origin = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : bracketed(host)}:${listener.port}`;
  return {
    gatewayUrl: `${origin}${GATEWAY_PATH}`,
    controlUrl: `${origin}${CONTROL_PATH}`,
    credentials,
    ...control,
    callReceived: (match) => callReceived(ledger, match),
    stop: () => listener.stop(),
  };
}

async function callReceived(ledger: Ledger, { method, outTradeNo, count = 1 }: CallMatch): Promise<CallView> {
  const matching = (): CallView | undefined =>
    ledger
      .calls()
      .filter((call) => (method ?? call.method) === call.method)
      .filter(
        (call) => outTradeNo === undefined || (ledger.find(call.ids)?.outTradeNo ?? call.ids.outTradeNo) === outTradeNo,
      )
      .map(viewCall)[count - 1];
  const already = matching();
  if (already !== undefined) return already;
  return new Promise((resolve) => {
    const stopListening = ledger.onCall(() => {
      const call = matching();
      if (call === undefined) return;
      stopListening();
      resolve(call);
    });
  });
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
