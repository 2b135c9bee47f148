/** The body of an HTTP request, bounded in size and in time. */
import type { IncomingMessage } from 'node:http';

export type Body =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'oversized' }
  /** The deadline passed before its end. */
  | { readonly kind: 'slow' }
  /** The connection ended before it. */
  | { readonly kind: 'broken' };

/** Chosen: a notification with every documented field at its greatest length stays below 16 KiB. */
const BODY_BYTES_MAX = 64 * 1024;
/** So much of a body that is too long is read and thrown away, because a caller that still writes does not read an answer. */
const DISCARDED_BYTES_MAX = 1024 * 1024;

/** Never rejects. The deadline is for the whole body: dripping does not extend it. */
export async function readBody(request: IncomingMessage, deadlineMs: number): Promise<Body> {
  return await new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (body: Body): void => {
      clearTimeout(timer);
      request.off('data', take);
      resolve(body);
    };
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
      else chunks.length = 0;
      if (bytes > DISCARDED_BYTES_MAX) end({ kind: 'oversized' });
    };
    const timer = setTimeout(() => end({ kind: 'slow' }), deadlineMs);
    request.on('data', take);
    request.once('end', () =>
      end(bytes > BODY_BYTES_MAX ? { kind: 'oversized' } : { kind: 'whole', bytes: Buffer.concat(chunks) }),
    );
    request.once('error', () => end({ kind: 'broken' }));
    request.once('close', () => end({ kind: 'broken' }));
  });
}
