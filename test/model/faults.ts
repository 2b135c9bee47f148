/** Everything that can go wrong, one at a time; each costs one of the faults that a run may have. */

export type CommandKind = 'query' | 'cancel' | 'refund' | 'queryRefund' | 'wait';

export type Fault =
  | 'lost'
  | 'workerDied'
  | 'notSent'
  | 'unsigned'
  | 'forged'
  | 'notOurs'
  | 'limited'
  | 'rejected'
  | 'configuration'
  | 'refused'
  | 'absenceLied'
  | 'notPickedUp'
  | 'repeated'
  | 'flagYWithEffect'
  | 'flagYWithoutEffect'
  | 'flagYSilent'
  | 'errorYWithEffect'
  | 'errorYWithoutEffect'
  | 'noFlagWithEffect'
  | 'noFlagWithoutEffect'
  | 'silentFailure'
  | 'actionWithheld'
  | 'balance'
  | 'frozen'
  | 'notAllowed'
  | 'notAllowedY'
  | 'acceptedOnly'
  | 'refundUnknown'
  | 'refundNotSaid'
  | 'reset'
  | 'away';

interface FaultRow {
  readonly hits: readonly CommandKind[];
  readonly is: string;
}

const MOVES_MONEY: readonly CommandKind[] = ['cancel', 'refund'];
const CALLS: readonly CommandKind[] = ['query', 'cancel', 'refund', 'queryRefund'];
const ANY: readonly CommandKind[] = [...CALLS, 'wait'];

/** What each is, and which of the rules' commands it can hit. */
export const FAULTS: { readonly [F in Fault]: FaultRow } = {
  lost: { hits: CALLS, is: 'request or answer lost: timeout, reset, HTTP error, 20000, SYSTEM_ERROR' },
  workerDied: { hits: CALLS, is: 'the worker dies between the call and its record' },
  notSent: { hits: CALLS, is: 'no connection' },
  unsigned: { hits: CALLS, is: 'an answer without a signature' },
  forged: { hits: CALLS, is: 'an answer with a wrong signature' },
  notOurs: { hits: CALLS, is: 'a signed answer about another trade' },
  limited: { hits: CALLS, is: '40005: too many calls' },
  rejected: { hits: CALLS, is: 'the gateway finds the request wrong' },
  configuration: { hits: CALLS, is: 'wrong key, app id or permission' },
  refused: { hits: ['query', 'queryRefund'], is: 'a signed business refusal' },
  absenceLied: { hits: ['query'], is: 'TRADE_NOT_EXIST of a trade that exists, for hours' },
  notPickedUp: { hits: MOVES_MONEY, is: 'no worker picks the call up: dropped unsent' },
  repeated: { hits: MOVES_MONEY, is: 'the network delivers the request twice, the second time late' },
  flagYWithEffect: { hits: ['cancel'], is: '10000, retry_flag=Y, and it took effect' },
  flagYWithoutEffect: { hits: ['cancel'], is: '10000, retry_flag=Y, no effect' },
  flagYSilent: { hits: ['cancel'], is: '10000, retry_flag=Y without action, and it took effect' },
  errorYWithEffect: { hits: ['cancel'], is: 'SYSTEM_ERROR, retry_flag=Y, and it took effect' },
  errorYWithoutEffect: { hits: ['cancel'], is: 'SYSTEM_ERROR, retry_flag=Y, no effect' },
  noFlagWithEffect: { hits: ['cancel'], is: '10000 without retry_flag, and it took effect' },
  noFlagWithoutEffect: { hits: ['cancel'], is: '10000 without retry_flag and action, no effect' },
  silentFailure: { hits: ['cancel'], is: '10000, retry_flag=N without action, of a trade that exists; no effect' },
  actionWithheld: { hits: ['cancel'], is: '10000, retry_flag=N without action, and it took effect' },
  balance: { hits: MOVES_MONEY, is: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' },
  frozen: { hits: ['cancel'], is: 'ACQ.REASON_TRADE_BEEN_FREEZEN' },
  notAllowed: { hits: ['cancel'], is: 'ACQ.CANCEL_NOT_ALLOWED' },
  notAllowedY: { hits: ['cancel'], is: 'ACQ.CANCEL_NOT_ALLOWED with retry_flag=Y' },
  acceptedOnly: { hits: ['refund'], is: '10000 without fund_change=Y, no effect so far' },
  refundUnknown: { hits: ['queryRefund'], is: 'the refund query says TRADE_NOT_EXIST' },
  refundNotSaid: { hits: ['queryRefund'], is: 'the refund query shows a refund, and not that it is done' },
  reset: { hits: ANY, is: 'Temporal resets the run to its start' },
  away: { hits: ['query', 'queryRefund', 'wait'], is: 'continued as new, and no worker there to go on for a while' },
};
