/** The verbs of the command line that a payment service and its operators need for one trade, or for all. */
import type { Outcome, Phase, RefundOrder, Resolution } from '../contract/resolution.ts';
import type { ResolutionInput } from '../contract/resolution-input.ts';
import { listText, resolutionText, statusText } from './print.ts';
import type { StartedResolution } from './resolution-client.ts';
import {
  numberOf,
  type VerbOutput,
  TRADE_HELP,
  TRADE_OPTIONS,
  tradeOf,
  type VerbArguments,
  UsageError,
  type Verb,
} from './verb.ts';

export const start: Verb = {
  usage: 'OUT_TRADE_NO [options]',
  purpose: 'Hand over a trade whose pay call ended without a clear answer.',
  help: `${TRADE_HELP}
  --total-amount N   yuan, such as 88.88: a trade of another amount is never taken as this one
  --pay-requested-at T, --pay-expires-at T
                     RFC 3339 with an offset: when pay was called, and the time_expire sent with it
  --policy JSON      how patient, such as '{"pollBudgetMs": 10000}'
  --wait             stay until the outcome

  The same trade twice is one run. With another amount it is refused.`,
  options: {
    ...TRADE_OPTIONS,
    'total-amount': { type: 'string' },
    'pay-requested-at': { type: 'string' },
    'pay-expires-at': { type: 'string' },
    policy: { type: 'string' },
    wait: { type: 'boolean' },
  },
  async run(typed, connect) {
    const input = inputOf(typed);
    const started = await (await connect()).start(input);
    if (!typed.flag('wait')) return startedSaid(started);
    const resolution = await started.wait();
    return { json: resolution, human: resolutionText(resolution) };
  },
};

function inputOf(typed: VerbArguments): ResolutionInput {
  const given = {
    totalAmount: typed.text('total-amount'),
    payRequestedAt: typed.text('pay-requested-at'),
    payExpiresAt: typed.text('pay-expires-at'),
    policy: policyOf(typed.text('policy')),
  };
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...tradeOf(typed), ...Object.fromEntries(present) };
}

function policyOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('--policy must be a JSON object of numbers, such as \'{"pollBudgetMs": 10000}\'.');
  }
}

function startedSaid({ workflowId, runId, isNew }: StartedResolution): VerbOutput {
  const human = isNew ? `started: workflow ${workflowId}` : `was started before: workflow ${workflowId}`;
  return { json: { workflowId, runId, isNew }, human };
}

export const wait: Verb = {
  usage: 'OUT_TRADE_NO [options]',
  purpose: 'Wait for the outcome of a trade.',
  help: `${TRADE_HELP}
  --timeout SECONDS  give up waiting, with exit code 3; the resolution goes on`,
  options: { ...TRADE_OPTIONS, timeout: { type: 'string' } },
  async run(typed, connect) {
    const trade = tradeOf(typed);
    const seconds = numberOf(typed, 'timeout', 0.1);
    const client = await connect();
    const resolution = await client.wait(trade, seconds === undefined ? {} : { timeoutMs: seconds * 1_000 });
    return { json: resolution, human: resolutionText(resolution) };
  },
};

export const status: Verb = {
  usage: 'OUT_TRADE_NO [options]',
  purpose: 'Where a trade stands, without waiting.',
  help: TRADE_HELP,
  options: TRADE_OPTIONS,
  async run(typed, connect) {
    const trade = tradeOf(typed);
    const found = await (await connect()).status(trade);
    const json =
      found.kind === 'failed' ? { ...found, error: { code: found.error.code, message: found.error.message } } : found;
    return { json, human: statusText(found) };
  },
};

export const cancelNow: Verb = {
  usage: 'OUT_TRADE_NO [options]',
  purpose: 'Stop waiting for the buyer: ask once more, and cancel unless the trade turns out paid.',
  help: TRADE_HELP,
  options: TRADE_OPTIONS,
  async run(typed, connect) {
    const trade = tradeOf(typed);
    const resolution = await (await connect()).cancelNow(trade);
    return { json: resolution, human: resolutionText(resolution) };
  },
};

export const retryNow: Verb = {
  usage: 'OUT_TRADE_NO [options]',
  purpose: 'Look at a trade now, for instance after the cause of its trouble was mended.',
  help: TRADE_HELP,
  options: TRADE_OPTIONS,
  async run(typed, connect) {
    const trade = tradeOf(typed);
    await (await connect()).retryNow(trade);
    return { json: { sent: 'retryNow' }, human: 'sent; see its status' };
  },
};

const WHO_OPTIONS = { who: { type: 'string' }, why: { type: 'string' } } as const;
const WHO_HELP = `  --who NAME         who decides
  --why TEXT         what the decision rests on`;

export const resolveManually: Verb = {
  usage: 'OUT_TRADE_NO --outcome OUTCOME --who NAME --why TEXT [options]',
  purpose: 'Decide a trade that needs a person; who and why stand in its history for good.',
  help: `${TRADE_HELP}
  --outcome OUTCOME  PAID, CLOSED, REFUNDED or NOT_CREATED
${WHO_HELP}`,
  options: { ...TRADE_OPTIONS, ...WHO_OPTIONS, outcome: { type: 'string' } },
  async run(typed, connect) {
    const trade = tradeOf(typed);
    const outcome = typed.text('outcome');
    if (outcome === undefined) throw new UsageError('--outcome is required; a refund is ordered with order-refund.');
    const resolution = { outcome: outcome as Outcome, ...whoOf(typed) };
    return decided(await (await connect()).resolveManually(trade, resolution));
  },
};

export const orderRefund: Verb = {
  usage: 'OUT_TRADE_NO --who NAME --why TEXT [options]',
  purpose: 'Refund a paid trade that needs a person in full, and see the refund proven.',
  help: `${TRADE_HELP}
${WHO_HELP}`,
  options: { ...TRADE_OPTIONS, ...WHO_OPTIONS },
  async run(typed, connect) {
    return decided(await (await connect()).orderRefund(tradeOf(typed), whoOf(typed)));
  },
};

function whoOf(typed: VerbArguments): RefundOrder {
  const [who, why] = ['who', 'why'].map((option) => typed.text(option));
  if (who === undefined || why === undefined) throw new UsageError('--who and --why are required.');
  return { who, why };
}

function decided(resolution: Resolution): VerbOutput {
  return { json: resolution, human: resolutionText(resolution) };
}

export const list: Verb = {
  usage: '[options]',
  purpose: 'Find resolutions, the newest first.',
  help: `  --open, --closed   only those
  --resolution R     a phase (guarding, querying, cancelling, watching, closing, refunding, needs-operator) or an outcome (PAID, ...)
  --merchant NAME    only this merchant's
  --query FILTER     a further condition in Temporal's list filter language
  --limit N          at most so many (default: 100)`,
  options: {
    open: { type: 'boolean' },
    closed: { type: 'boolean' },
    resolution: { type: 'string' },
    merchant: { type: 'string' },
    query: { type: 'string' },
    limit: { type: 'string' },
  },
  async run(typed, connect) {
    if (typed.flag('open') && typed.flag('closed')) throw new UsageError('--open or --closed, not both.');
    const limit = numberOf(typed, 'limit', 1);
    const [resolution, merchant, query] = ['resolution', 'merchant', 'query'].map((option) => typed.text(option));
    const found = await (
      await connect()
    ).list({
      ...(typed.flag('open') ? { open: true } : {}),
      ...(typed.flag('closed') ? { open: false } : {}),
      ...(resolution === undefined ? {} : { resolution: resolution as Phase | Outcome }),
      ...(merchant === undefined ? {} : { merchant }),
      ...(query === undefined ? {} : { query }),
      ...(limit === undefined ? {} : { limit }),
    });
    return { json: found, human: listText(found) };
  },
};
