/** Questions to `java/SdkQuestions.java`, one line each; its header has the grammar. */
export function signQuestion(privateKey: string, parameters: Readonly<Record<string, string>>): string {
  return `sign ${base64(privateKey)} ${pairsOf(parameters)}`;
}

export function verifyQuestion(publicKey: string, text: string, signature: string): string {
  return `verify ${base64(publicKey)} ${base64(text)} ${signature}`;
}

export function notifiedQuestion(
  publicKey: string,
  { charset, form }: { readonly charset: string; readonly form: Readonly<Record<string, string>> },
): string {
  return `notified ${base64(publicKey)} ${charset} ${pairsOf(form)}`;
}

export function serialQuestion(certificate: string): string {
  return `serial ${base64(certificate)}`;
}

export function rootsQuestion(bundle: string): string {
  return `roots ${base64(bundle)}`;
}

export function nodeQuestion(body: string): string {
  return `node ${base64(body)}`;
}

/** `className` is below com.alipay.api: `domain.AlipayTradePayModel`. Answered by wire names, joined by commas. */
export function fieldsQuestion(className: string): string {
  return `fields ${className}`;
}

export function timestampQuestion(epochMs: number): string {
  return `timestamp ${epochMs}`;
}

/** The answer to a `signQuestion` and to a `nodeQuestion`. */
export function readSigned(answer: string): { readonly text: string; readonly signature: string } {
  const [text = '', signature = ''] = answer.split(' ');
  return { text: Buffer.from(text, 'base64').toString('utf8'), signature };
}

function pairsOf(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${base64(name)}:${base64(value)}`)
    .join(',');
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
