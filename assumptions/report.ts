/** The experiments as a table for people and as JSON for machines, and what the exit code says of them. */
import type { Merchant } from '../alipay/merchant.ts';
import { formatTable } from '../demo/table.ts';
import { ASSUMPTIONS, type Assumption } from './assumptions.ts';
import type { Finding } from './finding.ts';
import type { Scenes } from './scenes.ts';

export const ExitCode = {
  nothingDiffers: 0,
  differs: 1,
  /** Nothing, or not all that was begun, could be seen through; or it was typed wrongly. */
  couldNotRun: 2,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface Report {
  readonly merchant: string;
  readonly environment: Merchant['environment'];
  readonly gateway: string;
  /** Yuan. */
  readonly amount: string;
  readonly holds: number;
  readonly differs: number;
  readonly notTried: number;
  readonly assumptions: readonly Row[];
  readonly calls: Scenes['calls'];
  /** Trades that could not be seen closed: they may be paid. */
  readonly leftOpen: readonly string[];
}

type Row = Omit<Assumption, 'judge'> & Finding;

export function createReport(about: Pick<Report, 'merchant' | 'amount'>, merchant: Merchant, scenes: Scenes): Report {
  const assumptions = ASSUMPTIONS.map(({ judge, ...row }) => ({ ...row, ...judge(scenes) }));
  const count = (verdict: Finding['verdict']): number => assumptions.filter((row) => row.verdict === verdict).length;
  return {
    ...about,
    environment: merchant.environment,
    gateway: merchant.gatewayUrl,
    holds: count('holds'),
    differs: count('differs'),
    notTried: count('notTried'),
    assumptions,
    calls: scenes.calls,
    leftOpen: scenes.leftOpen,
  };
}

export function exitCodeOf({ differs, leftOpen }: Report): ExitCode {
  if (differs > 0) return ExitCode.differs;
  return leftOpen.length > 0 ? ExitCode.couldNotRun : ExitCode.nothingDiffers;
}

export function reportText(report: Report): string {
  const { merchant, environment, gateway, assumptions, holds, differs, notTried, leftOpen } = report;
  return [
    `Alipay as assumed and as seen: merchant ${merchant}, ${environment} (${gateway})`,
    '',
    ...formatTable(['VERDICT', 'ID', 'TRIED', 'ASSUMED', 'SEEN'], assumptions.map(cells)),
    ...assumptions.filter(({ verdict }) => verdict === 'differs').flatMap(differenceLines),
    ...notTriedLines(assumptions),
    ...leftOpen.flatMap((outTradeNo) => ['', `NOT SEEN CLOSED: ${outTradeNo}. ${LOOK_IT_UP}`]),
    '',
    `${holds} hold, ${differs} differ, ${notTried} could not be tried`,
  ].join('\n');
}

function cells(row: Row): readonly string[] {
  const { id, experiment, assumed } = row;
  return row.verdict === 'notTried'
    ? ['could not be tried', id, experiment, assumed, '-']
    : [row.verdict, id, experiment, assumed, row.seen];
}

function differenceLines({ id, statement, source, confidence, section, ifNot }: Row): readonly string[] {
  return [
    '',
    `${id} differs. Assumed (confidence ${confidence}): ${statement}`,
    `  source   ${source}`,
    `  meaning  ${ifNot}`,
    `  used in  docs/correctness.md, ${section}`,
  ];
}

/** One reason often holds for many rows. */
function notTriedLines(rows: readonly Row[]): readonly string[] {
  const idsByReason = new Map<string, string[]>();
  for (const row of rows) {
    if (row.verdict === 'notTried') idsByReason.set(row.why, [...(idsByReason.get(row.why) ?? []), row.id]);
  }
  return [...idsByReason].flatMap(([why, ids]) => ['', `could not be tried: ${why}`, `  ${ids.join(', ')}`]);
}

const LOOK_IT_UP =
  'It may be paid, or become so within five minutes: look it up in the merchant portal then, and refund it there if it is.';
