/** The last page: every outcome beside the truth, what it cost, and where to look at it. */
import type { Ending } from './play.ts';
import { formatTable } from './table.ts';

export interface ReportOptions {
  /** Base URL of the Temporal Web UI, where it is known. */
  readonly webUiUrl: string | undefined;
  readonly seconds: number;
}

export function report(endings: readonly Ending[], { webUiUrl, seconds }: ReportOptions): string {
  const agreeing = endings.filter(({ verdict }) => verdict.agrees).length;
  const lines = [
    ...formatTable(HEADER, endings.map(cells)),
    '',
    ...formatTable(
      ['trade', 'in the Web UI'],
      endings.map(({ story, workflowId, runId }) => [story.outTradeNo, addressOf(webUiUrl, workflowId, runId)]),
    ),
    '',
    ...endings.flatMap(({ story, verdict }) =>
      verdict.objections.map((why) => `DISAGREES: ${story.outTradeNo}: ${why}`),
    ),
    `outcome and ledger agree in ${agreeing} of ${endings.length}, after ${seconds.toFixed(0)} s`,
  ];
  return `${lines.join('\n')}\n`;
}

const HEADER = ['trade', 'story', 'pay answered', 'outcome', 'by', 'ledger', 'agree', 'time', 'events', 'calls'];

function cells({
  story,
  payAnswer,
  reported,
  truth,
  verdict,
  seconds,
  historyEvents,
  calls,
}: Ending): readonly string[] {
  const [outcome, by] = typeof reported === 'string' ? ['none', ''] : [reported.outcome, reported.decidedBy];
  const agree = verdict.agrees ? 'yes' : 'NO';
  return [
    story.outTradeNo,
    story.name,
    payAnswer,
    outcome,
    by,
    ledgerInWords(truth),
    agree,
    `${seconds.toFixed(1)} s`,
    String(historyEvents),
    String(calls),
  ];
}

function ledgerInWords({ tradeStatus, effects }: Ending['truth']): string {
  if (tradeStatus === undefined) return 'no such trade';
  return effects
    .map(({ kind }) => kind)
    .join(', ')
    .replace('created, ', '');
}

function addressOf(webUiUrl: string | undefined, workflowId: string, runId: string): string {
  return webUiUrl === undefined
    ? `workflow ${workflowId}`
    : `${webUiUrl}/namespaces/default/workflows/${workflowId}/${runId}/history`;
}
