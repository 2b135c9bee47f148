/** A start by Alipay's number alone: once the merchant's is known, the run of that number resolves the trade. */
import { RawValue } from '@temporalio/common';
import {
  ApplicationFailure,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  startChild,
  TemporalFailure,
} from '@temporalio/workflow';
import { FailureTypes, Signals, WORKFLOW_TYPE, workflowIdOf } from '../contract/names.ts';
import { PayAnswer, type Resolution } from '../contract/resolution.ts';
import type { ResolutionInput } from '../contract/resolution-input.ts';
import type { State } from '../resolution/index.ts';

/**
 * Waits for that run and returns its result. What this run has read and was told goes with it: signed answers, when pay was called, that it was
 * answered as paid, that somebody gave up waiting. Its guard does not: the service has ended that, or it is over.
 */
export async function handOver(
  raw: ResolutionInput,
  state: State,
  { outTradeNo, tradeNo }: { outTradeNo: string; tradeNo: string },
): Promise<Resolution> {
  const { memory } = state;
  const { guardUntil: _, ...input } = raw;
  const workflowId = workflowIdOf({ ...(raw.merchant !== undefined && { merchant: raw.merchant }), outTradeNo });
  const payRequestedAt = new Date(memory.payRequestedAtMs).toISOString();
  const payExpiresAt = new Date(memory.payDeadlineAtMs).toISOString();
  const payAnswer = memory.callerSaysPaid ? { payAnswer: PayAnswer.paid } : {};
  try {
    const child = await startChild(WORKFLOW_TYPE, {
      workflowId,
      args: [
        { ...input, outTradeNo, tradeNo, payRequestedAt, payExpiresAt, ...payAnswer, cancelNow: memory.hurried },
        new RawValue(state),
      ],
      // Not "failed only": that begins a terminated run again too, and a person may have decided that sale by hand.
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `Alipay trade ${outTradeNo}: is it paid?`,
    });
    return (await child.result()) as Resolution;
  } catch (error) {
    if (!(error instanceof TemporalFailure) || error.name !== 'WorkflowExecutionAlreadyStartedError') throw error;
    if (memory.callerSaysPaid) await tellPaid(workflowId);
    throw ApplicationFailure.nonRetryable(
      `tradeNo ${tradeNo} is outTradeNo ${outTradeNo}, which has a run of its own, workflow ${workflowId}: look there. Where that one failed ` +
        `with ${FailureTypes.invalidInput}, start again by outTradeNo; where somebody has terminated it, only a person begins it again.`,
      FailureTypes.alreadyResolving,
    );
  }
}

/** The word of the service must not be lost with this run. That one may have ended meanwhile: then nothing hangs on it. */
async function tellPaid(workflowId: string): Promise<void> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(Signals.payAnswered, PayAnswer.paid);
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
  }
}
