/**
 * Goal: over Temporal's HTTP API too a corrected start gets in after a wrong input, by the answers that `docs/contract.md` names. Method: the
 * API of a dev server, and the whole system behind it.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';

import { TASK_QUEUE, WORKFLOW_TYPE, workflowIdOf } from '../../contract/names.ts';
import { Outcome } from '../../contract/resolution.ts';
import { openShop, type Shop } from '../shop.ts';

const OUT_TRADE_NO = 'HTTP-WRONG';

describe("A start over Temporal's HTTP API", () => {
  let shop: Shop;
  let workflow: string;

  before(async function () {
    // The HTTP port of a server that was there already is not known.
    if (!process.env['RESOLVER_TEMPORAL_BINARY'] || process.env['TEMPORAL_ADDRESS']) this.skip();
    shop = await openShop();
    workflow = `${shop.server.httpUrl}/api/v1/namespaces/default/workflows/${workflowIdOf({ outTradeNo: OUT_TRADE_NO })}`;
  });
  after(async () => await shop?.close());

  async function start(totalAmount: unknown, reuse: string): Promise<number> {
    const body = {
      workflowType: { name: WORKFLOW_TYPE },
      taskQueue: { name: TASK_QUEUE },
      workflowIdReusePolicy: `WORKFLOW_ID_REUSE_POLICY_${reuse}`,
      workflowIdConflictPolicy: 'WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING',
      input: [{ outTradeNo: OUT_TRADE_NO, totalAmount }],
    };
    return (await fetch(workflow, { method: 'POST', body: JSON.stringify(body) })).status;
  }

  /** The close event, once there is one. */
  async function ending(): Promise<unknown> {
    const query = 'waitNewEvent=true&historyEventFilterType=HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT';
    for (;;) {
      const answer = (await (await fetch(`${workflow}/history?${query}`)).json()) as {
        history?: { events?: unknown[] };
      };
      const [event] = answer.history?.events ?? [];
      if (event !== undefined) return event;
    }
  }

  it('is refused with 409 after a wrong input, whose ending says so, and gets in by the other policy', async () => {
    shop.simulator.plan(OUT_TRADE_NO, { exists: 'TRADE_SUCCESS' });
    assert.equal(await start(88.88, 'REJECT_DUPLICATE'), 200);
    const failed = (await ending()) as {
      readonly workflowExecutionFailedEventAttributes?: {
        readonly failure: { readonly applicationFailureInfo: { readonly type: string } };
      };
    };
    assert.equal(
      failed.workflowExecutionFailedEventAttributes?.failure.applicationFailureInfo.type,
      'InvalidInput',
      JSON.stringify(failed),
    );
    assert.equal(await start('88.88', 'REJECT_DUPLICATE'), 409);
    assert.equal(await start('88.88', 'ALLOW_DUPLICATE_FAILED_ONLY'), 200);
    assert.equal((await shop.client.wait({ outTradeNo: OUT_TRADE_NO })).outcome, Outcome.PAID);
    assert.equal(await start('88.88', 'ALLOW_DUPLICATE_FAILED_ONLY'), 409);
  });
});
