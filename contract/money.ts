/**
 * Money: a decimal string in yuan at every edge ("88.88"), an integer number of fen inside. Alipay's range is
 * 0.01 to 100000000.00 with at most two decimals (field doc of `total_amount`).
 */

const YUAN = /^(?:0|[1-9]\d{0,8})(?:\.\d{1,2})?$/;
const FEN_MAX = 100_000_000_00;

/** Yuan as a decimal string → integer fen; `undefined` when the text is not an amount Alipay takes (zero included). */
export function fenFromYuan(yuan: unknown): number | undefined {
  if (typeof yuan !== 'string' || !YUAN.test(yuan)) return undefined;
  const [whole = '0', decimals = ''] = yuan.split('.');
  const fen = Number(whole) * 100 + Number(decimals.padEnd(2, '0'));
  return fen >= 1 && fen <= FEN_MAX ? fen : undefined;
}

/** Integer fen → yuan with two decimals. */
export function yuanFromFen(fen: number): string {
  if (!Number.isSafeInteger(fen) || fen < 0) throw new RangeError(`${fen} is not a whole, positive number of fen`);
  const digits = String(fen).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
