/** What a verb of the command line is made of. */
import type { ParseArgsConfig } from 'node:util';

import type { ResolutionClient, TradeRef } from './resolution-client.ts';

export type Options = NonNullable<ParseArgsConfig['options']>;

/** What was typed, option names without their dashes. */
export interface VerbArguments {
  readonly positionals: readonly string[];
  readonly text: (option: string) => string | undefined;
  readonly flag: (option: string) => boolean;
}

export interface Verb {
  /** After the verb's name in the usage line. */
  readonly usage: string;
  /** One line. */
  readonly purpose: string;
  /** Further lines of its help. */
  readonly help?: string;
  readonly options: Options;
  readonly run: (typed: VerbArguments, connect: () => Promise<ResolutionClient>) => Promise<VerbOutput>;
}

/** What a verb says: `json` whole with --json, `human` otherwise. */
export interface VerbOutput {
  readonly json: unknown;
  readonly human: string;
  readonly exitCode?: ExitCode;
}

export const ExitCode = {
  done: 0,
  /** Refused, not found, or a check failed: stderr or the output says why and what to do. */
  refused: 1,
  wrongUsage: 2,
  /** The time to wait is over; the resolution goes on. */
  stillOpen: 3,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The command line was typed wrongly: the message, then the verb's help. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

export const TRADE_OPTIONS: Options = {
  merchant: { type: 'string' },
  'trade-no': { type: 'string' },
};

export const TRADE_HELP = `  OUT_TRADE_NO       the trade's number of yours, as its start named it
  --trade-no NO      Alipay's number instead, for a trade that was started by it alone
  --merchant NAME    name in the worker's merchants file (default: default)`;

/** @throws UsageError when no number was given, or more than one OUT_TRADE_NO */
export function tradeOf({ positionals, text }: VerbArguments): TradeRef {
  const [outTradeNo, ...others] = positionals;
  const tradeNo = text('trade-no');
  const merchant = text('merchant');
  if (others.length > 0) throw new UsageError(`One trade at a time: what is ${others.join(' ')}?`);
  if (outTradeNo === undefined && tradeNo === undefined)
    throw new UsageError('Which trade? Give OUT_TRADE_NO or --trade-no.');
  return {
    ...(merchant === undefined ? {} : { merchant }),
    ...(outTradeNo === undefined ? {} : { outTradeNo }),
    ...(tradeNo === undefined ? {} : { tradeNo }),
  };
}

/** @throws UsageError when the option is given and no number of at least `least` */
export function numberOf({ text }: VerbArguments, option: string, least: number): number | undefined {
  const typed = text(option);
  if (typed === undefined) return undefined;
  const value = Number(typed);
  if (!Number.isFinite(value) || value < least)
    throw new UsageError(`--${option} must be a number of at least ${least}.`);
  return value;
}
