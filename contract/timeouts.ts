/**
 * The deadlines of one Alipay call, in ms, in one place because each must be shorter than the next.
 *
 * Turn at a limited rate + HTTP deadline < start-to-close of the attempt < the worker's grace time at shutdown < what the orchestrator grants.
 * 10 s: between the 5 s of Alipay's Node SDK and the 15 s of its Java SDK; a query answers in well under a second.
 */
export const CALL_TURN_MS = 2_000;
export const CALL_DEADLINE_MS = 10_000;
export const ATTEMPT_TIMEOUT_MS = 15_000;
export const SHUTDOWN_GRACE_MS = 20_000;

/**
 * A cancel that no worker picks up in this time is dropped unsent and the trade is asked about again: a cancel must
 * directly follow its query (Alipay, "轮询机制", 2021-07-07), so an old one is never sent late.
 */
export const CANCEL_PICKUP_MS = 60_000;
