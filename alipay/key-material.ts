/**
 * From what a person pastes or a file holds to DER: PEM with one or many blocks, base64 on one line or wrapped (Alipay's key
 * tool writes it so), or DER itself.
 */

export interface KeyMaterial {
  /** The words between BEGIN and END; absent where there were none. */
  readonly label?: string;
  readonly der: Buffer;
  /** The PEM block as it stood, for the old encrypted form whose headers matter. */
  readonly pem?: string;
}

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g;
const PEM_HEADER = /^[A-Za-z0-9-]+:.*$/gm;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Every block in `input`, in order; none when it is neither PEM nor base64 nor DER. */
export function readKeyMaterial(input: string | Uint8Array): readonly KeyMaterial[] {
  if (typeof input !== 'string' && input[0] === 0x30) return [{ der: Buffer.from(input) }];
  // A byte order mark is what Windows editors leave in front of a pasted key.
  const text = (typeof input === 'string' ? input : Buffer.from(input).toString('utf8')).replace(/^\uFEFF/, '');
  const blocks = [...text.matchAll(PEM_BLOCK)].map(fromPemBlock);
  if (blocks.length > 0) return blocks;
  const der = fromBase64(text);
  return der === undefined ? [] : [{ der }];
}

function fromPemBlock([pem, label = '', body = '']: RegExpExecArray): KeyMaterial {
  return { label, der: fromBase64(body.replaceAll(PEM_HEADER, '')) ?? Buffer.alloc(0), pem };
}

function fromBase64(text: string): Buffer | undefined {
  const compact = text.replaceAll(/\s+/g, '');
  return BASE64.test(compact) ? Buffer.from(compact, 'base64') : undefined;
}
