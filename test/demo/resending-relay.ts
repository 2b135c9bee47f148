/**
 * Stands before a gateway and sends every POST twice, as an HTTP client does whose connection breaks before the first answer: that one
 * is lost, and only the second answer is told.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ResendingRelay {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startResendingRelay(gatewayUrl: string): Promise<ResendingRelay> {
  const server = createServer((request, response) => {
    const send = async (body: Buffer): Promise<ArrayBuffer> => {
      const headers = { 'content-type': request.headers['content-type'] ?? '' };
      const answer = await fetch(new URL(request.url ?? '/', gatewayUrl), { method: 'POST', headers, body });
      return await answer.arrayBuffer();
    };
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      await send(body);
      response.end(Buffer.from(await send(body)));
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/gateway.do`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
