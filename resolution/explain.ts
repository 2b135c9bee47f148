/** The same state in Markdown, for the person who opens the workflow in the Temporal Web UI. */
import type { CancelRecord, Resolution } from '../contract/resolution.ts';

export function explain(resolution: Resolution): string {
  return [
    `**${resolution.summary}**`,
    '',
    '### What is known',
    ...knownLines(resolution),
    '',
    '### What happens next',
    ...nextLines(resolution),
    '',
    '### What an operator can do',
    ...operatorLines(resolution),
  ].join('\n');
}

function knownLines(resolution: Resolution): string[] {
  const { lastAnswer, tradeStatus, cancels } = resolution;
  return [
    `- trade: outTradeNo ${resolution.outTradeNo ?? 'unknown'}, tradeNo ${resolution.tradeNo ?? 'unknown'}, amount ${resolution.totalAmount ?? 'not given'}`,
    `- payable until ${resolution.payDeadline}`,
    ...(resolution.payAnswer === undefined ? [] : ['- the service says: its pay call was answered as paid']),
    ...(resolution.notes ?? []).map((note) => `- ${note}`),
    `- last signed status: ${tradeStatus === undefined ? 'none' : `${tradeStatus} (asked ${resolution.tradeStatusAt ?? ''})`}`,
    ...(lastAnswer === undefined
      ? ['- no query answered yet']
      : [
          `- last answer: ${lastAnswer.answer}${lastAnswer.subCode === undefined ? '' : ` ${lastAnswer.subCode}`}, asked ${lastAnswer.at}; ${resolution.polls} queries in all`,
        ]),
    ...(resolution.cancelCount === 0
      ? ['- no cancel sent']
      : [`- cancels: ${resolution.cancelCount}`, ...cancels.map(cancelLine)]),
    ...('provisional' in resolution ? [`- provisionally: ${resolution.provisional}`] : []),
  ];
}

function cancelLine(cancel: CancelRecord): string {
  const parts = [
    `retry_flag ${cancel.retryFlag ?? 'absent'}`,
    `action ${cancel.action ?? 'absent'}`,
    ...(cancel.subCode === undefined ? [] : [cancel.subCode]),
  ];
  return `  - #${cancel.attempt} at ${cancel.at}: ${cancel.answer}; ${parts.join(', ')}`;
}

function nextLines(resolution: Resolution): string[] {
  switch (resolution.phase) {
    case 'guarding':
      return ['- The signal `payAnswered`, or the end of the guard.', ...at(resolution.nextCheckAt)];
    case 'refunding':
      return ['- A query, the refund under its one number, and the refund query.', ...at(resolution.nextCheckAt)];
    case 'querying':
      return [
        '- Queries at growing intervals. While one is pending, its attempt and trail stand under Pending Activities.',
        ...at(resolution.nextCheckAt),
      ];
    case 'cancelling':
      return ['- A query, and unless that says TRADE_CLOSED the cancel.', ...at(resolution.nextCheckAt)];
    case 'watching':
      return [
        '- Queries at growing intervals. If the trade appears it is cancelled, or a person is asked where that cannot be.',
        ...at(resolution.nextCheckAt),
      ];
    case 'closing':
      return ['- The refund query.', ...at(resolution.nextCheckAt)];
    case 'needs-operator':
      return [
        '- Alipay is asked slowly; an answer that ends the trade, or mends what it waits for, is acted on.',
        ...at(resolution.nextCheckAt),
      ];
    case 'handed-over':
      return [`- This run waits for ${resolution.resolvedBy} and returns its result.`];
    case 'done':
      return [`- Nothing. Decided by ${resolution.decidedBy} at ${resolution.decidedAt}.`];
  }
}

function at(nextCheckAt: string | undefined): string[] {
  return nextCheckAt === undefined ? [] : [`- Next look at ${nextCheckAt}.`];
}

function operatorLines(resolution: Resolution): string[] {
  switch (resolution.phase) {
    case 'guarding':
    case 'querying':
      return [
        '- signal `retryNow`: ask at once',
        ...(resolution.payAnswer === undefined ? ['- update `cancelNow`: stop waiting for the buyer and cancel'] : []),
      ];
    case 'cancelling':
    case 'watching':
      return ['- signal `retryNow`: look at once'];
    case 'closing':
    case 'refunding':
      return ['- Nothing now: the wait before the refund query is not cut short, as too early an answer says nothing.'];
    case 'needs-operator':
      return [
        `- ${resolution.remedy}`,
        '- signal `retryNow`: look at once',
        '- update `resolveManually` with `{"outcome", "who", "why"}`: decide; or `orderRefund` with `{"who", "why"}`: refund it in full. Both are refused where they contradict what Alipay has signed',
      ];
    case 'handed-over':
      return [`- Open ${resolution.resolvedBy}.`];
    case 'done':
      return ['- Nothing.'];
  }
}
