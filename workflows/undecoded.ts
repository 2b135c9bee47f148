/**
 * Arguments as they came. The SDK decodes the arguments of a start, a signal or a query before any code of ours runs, even those that
 * nobody takes, and throws at what it cannot decode (a caller's own codec, a Protobuf message, half a JSON): every workflow task fails
 * then, and the trade lies there for good. So they come undecoded, and what cannot be decoded is `undefined`.
 */
import { RawValue, rawValueTypeInfo, type TypeInfo } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/workflow';

/** Chosen: far more arguments than any client sends. */
const ARGUMENTS_MAX = 100;

export const undecoded: { readonly inputTypes: readonly TypeInfo[] } = {
  inputTypes: Array.from({ length: ARGUMENTS_MAX }, () => rawValueTypeInfo),
};

/** Never throws. */
export function decoded(argument: unknown): unknown {
  if (!(argument instanceof RawValue)) return undefined;
  try {
    return defaultPayloadConverter.fromPayload(argument.payload);
  } catch {
    return undefined;
  }
}
