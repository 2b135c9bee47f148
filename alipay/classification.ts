/** Looks up in {@link CODES} what a failed answer is worth. The whole rule is here; everything it knows is in the table. */
import { FailureClass } from '../contract/failure-class.ts';
import { CODES } from './codes.ts';
import type { CodeRow } from './codes.ts';
import type { TradeInterfaceName } from './trade-interfaces.ts';

export interface FailedCodes {
  readonly interface: TradeInterfaceName;
  /** Absent when the answer holds none: nothing is known then. */
  readonly code?: string;
  readonly subCode?: string;
  /** Whether Alipay's signature held over the answer. */
  readonly isSigned: boolean;
}

export interface Classification {
  readonly failure: FailureClass;
  /** The table's row; absent for a code that is in no row. */
  readonly row?: CodeRow;
}

export function classify(codes: FailedCodes): Classification {
  const row = rowOf(codes);
  const failure = row?.failure ?? FailureClass.unknown;
  const isKnown = row === undefined ? {} : { row };
  return { failure: codes.isSigned || maybeUnsigned(codes, failure) ? failure : FailureClass.unsigned, ...isKnown };
}

/**
 * An answer without a signature could come from anybody and is no information, with one exception: that it does not know our
 * key, app id or permission the real gateway says unsigned. Believing it only makes a human look.
 */
function maybeUnsigned({ code }: FailedCodes, failure: FailureClass): boolean {
  return failure === FailureClass.configuration && code !== BUSINESS_FAILURE;
}

/** Business refusals are always signed. */
const BUSINESS_FAILURE = '40004';
/**
 * These codes say it all: no sub_code makes a 20000 known, a 40005 more than a limit, or a success that contradicts itself
 * worth anything.
 */
const CODES_THAT_RULE: readonly string[] = ['10000', '10003', '20000', '40005'];

function rules(code: string | undefined): boolean {
  return code === undefined || CODES_THAT_RULE.includes(code);
}

const PREFIX = /^(?:isv|isp|aop)\./;

/** Most telling row first: this interface's sub_code, any interface's sub_code, the code alone. */
function rowOf({ interface: name, code, subCode }: FailedCodes): CodeRow | undefined {
  const bySubCode = subCode === undefined ? [] : rowsOf(code, subCode);
  return (
    bySubCode.find(({ interfaces }) => interfaces.includes(name)) ??
    bySubCode.find(({ interfaces }) => interfaces.length === 0) ??
    bySubCode[0] ??
    CODES.find((row) => row.code === code && row.subCode === '*')
  );
}

function rowsOf(code: string | undefined, subCode: string): readonly CodeRow[] {
  const bare = subCode.replace(PREFIX, '');
  return CODES.filter(
    (row) => row.subCode !== '*' && matches(row.subCode, bare) && (row.code === code || !rules(code)),
  );
}

/** A row without a prefix of its own (`SYSTEM_ERROR`) takes `ACQ.SYSTEM_ERROR` and the misspelt `AQC.SYSTEM_ERROR` alike. */
function matches(rowSubCode: string, subCode: string): boolean {
  return subCode === rowSubCode || (ANY_PREFIX.includes(rowSubCode) && subCode.endsWith(`.${rowSubCode}`));
}

const ANY_PREFIX: readonly string[] = ['SYSTEM_ERROR', 'INVALID_PARAMETER'];
