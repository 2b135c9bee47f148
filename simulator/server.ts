/** The HTTP listener: `/gateway.do` is Alipay's, `/control/…` is ours, nothing else is there. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Control } from './operations.ts';
import { answerControl } from './control-routes.ts';
import type { Gateway } from './gateway.ts';

export const GATEWAY_PATH = '/gateway.do';
export const CONTROL_PATH = '/control';
/** More than any call or plan needs. */
const BODY_BYTES_MAX = 1024 * 1024;

export interface Listener {
  readonly port: number;
  stop(): Promise<void>;
}

export async function listen(options: {
  readonly host: string;
  readonly port: number;
  readonly gateway: Gateway;
  readonly control: Control;
}): Promise<Listener> {
  const { host, port, gateway, control } = options;
  const server = createServer((request, response) => {
    serve(request, response, { gateway, control }).catch((error: unknown) => {
      // A caller that went away in the middle of its request is not our failure.
      if (request.destroyed) return;
      process.stderr.write(`simulator: ${error instanceof Error ? error.stack : String(error)}\n`);
      if (!response.headersSent) answerJson(response, 500, { error: 'The simulator failed; its stderr says how' });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  // With a TCP port the address is always this shape.
  const address = server.address() as AddressInfo;
  return { port: address.port, stop: () => stop(server) };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  parts: { readonly gateway: Gateway; readonly control: Control },
): Promise<void> {
  const { url = '/', method = 'GET' } = request;
  const body = await readBody(request);
  if (body === undefined) {
    answerJson(response, 413, { error: `More than ${BODY_BYTES_MAX} bytes` });
    return;
  }
  const [path = '/'] = url.split('?');
  if (path === GATEWAY_PATH) {
    parts.gateway.handle({ url, body }, response);
  } else if (path.startsWith(`${CONTROL_PATH}/`)) {
    const asked = { method, path: path.slice(CONTROL_PATH.length), body: body.toString('utf8') };
    const answer = await answerControl(parts.control, asked);
    answerJson(response, answer.status, answer.json);
  } else {
    answerJson(response, 404, {
      error: `Nothing at ${path}: the gateway is ${GATEWAY_PATH}, the control ${CONTROL_PATH}`,
    });
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size <= BODY_BYTES_MAX) chunks.push(bytes);
  }
  return size > BODY_BYTES_MAX ? undefined : Buffer.concat(chunks);
}

function answerJson(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(`${JSON.stringify(json, undefined, 2)}\n`);
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  await closed;
}
