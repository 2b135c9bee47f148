/** What an experiment says of an assumption. */
import type { CancelFailure } from '../alipay/gateway.ts';
import { FailureClass } from '../contract/failure-class.ts';
import type { UntriedScene, Attempt } from './scenes.ts';

export type Finding =
  | { readonly verdict: 'holds' | 'differs'; readonly seen: string }
  | { readonly verdict: 'notTried'; readonly why: string };

type Answer = { readonly kind: 'answered' } | CancelFailure;

/** A call without an answer that counts shows nothing about Alipay: the assumption was not tried. */
export function judge<A extends Answer>(
  answer: A,
  words: (answer: A) => string,
  holds: (answer: A) => boolean,
): Finding {
  if (!counts(answer)) return couldNotTry(words(answer));
  return { verdict: holds(answer) ? 'holds' : 'differs', seen: words(answer) };
}

export function whereTried<T>(tried: Attempt<T>, look: (seen: T) => Finding): Finding {
  return tried.kind === 'tried' ? look(tried.seen) : notTriedYet(tried);
}

export function couldNotTry(why: string): Finding {
  return { verdict: 'notTried', why };
}

function notTriedYet({ why }: UntriedScene): Finding {
  return couldNotTry(why);
}

function counts(answer: Answer): boolean {
  if (answer.kind === 'answered') return true;
  switch (answer.failure) {
    case FailureClass.business:
    case FailureClass.rejected:
      return true;
    case FailureClass.notSent:
    case FailureClass.unknown:
    case FailureClass.unsigned:
    case FailureClass.forged:
    case FailureClass.notOurs:
    case FailureClass.limited:
    case FailureClass.configuration:
      return false;
  }
}
