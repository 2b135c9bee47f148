/** Keeps the Web UI true: current details in Markdown at each step, and the search attributes whenever one changes. */
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { SearchAttributes } from '../contract/names.ts';
import type { Resolution } from '../contract/resolution.ts';
import { explain, toResolution, type State } from '../resolution/index.ts';

/** Keys as the SDK's `defineSearchAttributeKey` makes them, without importing a package into the sandbox for it. */
const keyword = (name: string): { name: string; type: 'KEYWORD' } => ({ name, type: 'KEYWORD' });
const KEYS = {
  merchant: keyword(SearchAttributes.merchant),
  outTradeNo: keyword(SearchAttributes.outTradeNo),
  tradeNo: keyword(SearchAttributes.tradeNo),
  resolution: keyword(SearchAttributes.resolution),
};

export interface Publisher {
  publish(): void;
  noteCancellationRequest(): void;
}

export function createPublisher(currentState: () => State): Publisher {
  const published = new Map<string, string | undefined>();
  for (const key of Object.values(KEYS))
    published.set(key.name, workflowInfo().typedSearchAttributes.get<'KEYWORD'>(key));
  let cancellationRequested = false;

  function publish(): void {
    const resolution = toResolution(currentState());
    setCurrentDetails(cancellationRequested ? `${NOT_BY_CANCELLATION}\n\n${explain(resolution)}` : explain(resolution));
    const changed = attributesOf(resolution).filter(({ key, value }) => published.get(key.name) !== value);
    if (changed.length === 0) return;
    upsertSearchAttributes(changed);
    for (const { key, value } of changed) published.set(key.name, value);
  }

  return {
    publish,
    noteCancellationRequest() {
      cancellationRequested = true;
      publish();
    },
  };
}

const NOT_BY_CANCELLATION =
  'A cancellation of this workflow was requested. It does not stop a resolution, because money may be moving. ' +
  'To cancel the TRADE send the update `cancelNow`; to give the trade up unresolved, terminate the workflow.';

function attributesOf(resolution: Resolution): { key: (typeof KEYS)[keyof typeof KEYS]; value: string }[] {
  const values = {
    merchant: resolution.merchant,
    outTradeNo: resolution.outTradeNo,
    tradeNo: resolution.tradeNo,
    resolution: resolution.phase === 'done' ? resolution.outcome : resolution.phase,
  };
  return (Object.keys(KEYS) as (keyof typeof KEYS)[]).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [{ key: KEYS[name], value }];
  });
}
