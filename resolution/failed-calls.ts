/** What a failed call leaves possible. One row a class, for every rule that asks. */
import type { FailedCall } from '../contract/answers.ts';
import { FailureClass } from '../contract/failure-class.ts';

interface FailedCallRow {
  /** Its effect may have come, or may still come. An error after a connection was made never means "not executed". */
  readonly mayHaveBeenExecuted: boolean;
  /** Asking the same again may bring the answer. */
  readonly mayAnswerLater: boolean;
  /** It verified: Alipay can be read, even if it refuses. */
  readonly isSignedWord: boolean;
}

export const FAILED_CALLS: { readonly [F in FailureClass]: FailedCallRow } = {
  [FailureClass.notSent]: { mayHaveBeenExecuted: false, mayAnswerLater: true, isSignedWord: false },
  [FailureClass.unknown]: { mayHaveBeenExecuted: true, mayAnswerLater: true, isSignedWord: false },
  [FailureClass.unsigned]: { mayHaveBeenExecuted: true, mayAnswerLater: true, isSignedWord: false },
  [FailureClass.forged]: { mayHaveBeenExecuted: true, mayAnswerLater: true, isSignedWord: false },
  [FailureClass.notOurs]: { mayHaveBeenExecuted: true, mayAnswerLater: true, isSignedWord: false },
  [FailureClass.limited]: { mayHaveBeenExecuted: false, mayAnswerLater: true, isSignedWord: false },
  [FailureClass.rejected]: { mayHaveBeenExecuted: false, mayAnswerLater: false, isSignedWord: true },
  // It may come unsigned: the gateway that does not know our key cannot do otherwise.
  [FailureClass.configuration]: { mayHaveBeenExecuted: false, mayAnswerLater: false, isSignedWord: false },
  [FailureClass.business]: { mayHaveBeenExecuted: false, mayAnswerLater: false, isSignedWord: true },
};

/** For a person: Alipay's code, where the answer held one, and our sentence about it. */
export function detailOf({ subCode, detail }: FailedCall): string {
  return subCode === undefined ? detail : `${subCode}: ${detail}`;
}
