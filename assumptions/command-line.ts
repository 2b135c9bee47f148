/** What can be typed behind `npm run assumptions --`. */
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';

import { fenFromYuan, yuanFromFen } from '../contract/money.ts';
import { DEFAULT_MERCHANT } from '../contract/names.ts';

export const LEAST_AMOUNT: string = '0.01';
/** Alipay asks for 10 s between a refund and the refund query (field doc of `AlipayTradeFastpayRefundQueryModel`). */
const REFUND_SHOWS_AFTER_S = 10;

export const HELP: string = `Usage: npm run assumptions -- --merchant NAME [--auth-code CODE] [--amount YUAN] [options]

Tries at Alipay's gateway what the rules about money assume of Alipay, and prints assumed against seen.

  --merchant NAME        name in the merchants file (default: ${DEFAULT_MERCHANT})
  --merchants-file FILE  instead of RESOLVER_MERCHANTS_FILE or ./merchants.json
  --auth-code CODE       a payment code, fresh from the buyer's wallet: needed where a buyer is. "-" reads it from stdin, so that it
                         stands in no list of processes
  --amount YUAN          what is paid and given back (default: ${LEAST_AMOUNT}). An amount that asks the buyer for a password (in the sandbox
                         above 2000) tries what becomes of unpaid trades: type no password
  --refund-wait SECONDS  between a cancel and the refund query (default: ${REFUND_SHOWS_AFTER_S}, which Alipay asks for)
  --production-really    at another gateway than the sandbox or one on this machine: ${LEAST_AMOUNT} yuan of real money move
  --json                 one JSON document on stdout

Exit codes: 0 nothing differs; 1 something differs; 2 it could not run, or a trade could not be seen closed.
`;

/** What was typed is wrong, or must not be done. The message says what to do. */
export class CommandLineError extends Error {
  override readonly name: string = 'CommandLineError';
}

export interface CommandLine {
  readonly merchant: string;
  readonly merchantsFile?: string;
  readonly authCode?: string;
  readonly amount: string;
  readonly refundWaitS: number;
  readonly productionReally: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

const OPTIONS = {
  merchant: { type: 'string' },
  'merchants-file': { type: 'string' },
  'auth-code': { type: 'string' },
  amount: { type: 'string' },
  'refund-wait': { type: 'string' },
  'production-really': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @throws CommandLineError */
export function parse(args: readonly string[]): CommandLine {
  const values = valuesOf(args);
  const amountFen = fenFromYuan(values.amount ?? LEAST_AMOUNT);
  if (amountFen === undefined) throw new CommandLineError('--amount must be yuan, from 0.01 on, such as 0.01.');
  const refundWaitS = Number(values['refund-wait'] ?? REFUND_SHOWS_AFTER_S);
  if (!(refundWaitS >= 0 && refundWaitS <= 600))
    throw new CommandLineError('--refund-wait must be seconds, from 0 to 600.');
  const { 'merchants-file': merchantsFile, 'auth-code': authCode } = values;
  return {
    merchant: values.merchant ?? DEFAULT_MERCHANT,
    ...(merchantsFile === undefined ? {} : { merchantsFile }),
    ...(authCode === undefined ? {} : { authCode }),
    amount: yuanFromFen(amountFen),
    refundWaitS,
    productionReally: values['production-really'] ?? false,
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

function valuesOf(
  args: readonly string[],
): ReturnType<typeof parseArgs<{ readonly options: typeof OPTIONS }>>['values'] {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    // The parser's own message may quote what was typed, which may be a payment code in the wrong place.
    if (!(error instanceof TypeError)) throw error;
    throw new CommandLineError(`The command was typed wrongly.\n\n${HELP}`);
  }
}

/** Field doc of `auth_code`, `AlipayTradePayModel`: digits, or `fp` and more for a face. */
const AUTH_CODE = /^[A-Za-z0-9]{16,64}$/;

/** @throws CommandLineError, without the code */
export async function readAuthCode(typed: string | undefined): Promise<string | undefined> {
  const code = typed === '-' ? (await text(process.stdin)).trim() : typed;
  if (code !== undefined && !AUTH_CODE.test(code))
    throw new CommandLineError('--auth-code must be a payment code: 16 to 64 digits or letters.');
  return code;
}
