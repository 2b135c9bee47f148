/** One look at a trade: what a cashier's screen would show of it. */
import type { ResolutionStatus } from '../client/status.ts';
import type { CancelRecord, Resolution } from '../contract/resolution.ts';

export interface Look {
  /** The phase while open, the outcome when resolved. */
  readonly phase: string;
  readonly isOpen: boolean;
  /** Queries asked so far, those of a poll under way included. */
  readonly polls: number;
  /** To a query, or to a cancel where that was answered last. */
  readonly lastAnswer: string;
  /** RFC 3339. */
  readonly nextCheckAt?: string;
}

export const BEFORE_PAY: Look = { phase: 'paying', isOpen: true, polls: 0, lastAnswer: '' };

/** `before`: what stays known while no worker answers. */
export function lookAt(status: ResolutionStatus, before: Look): Look {
  switch (status.kind) {
    case 'failed':
      return { phase: 'UNRESOLVED', isOpen: false, polls: before.polls, lastAnswer: status.error.message };
    case 'closed':
      return { ...settledLook(status.resolution, before), isOpen: false };
    case 'open': {
      const [call] = status.pending;
      const asked = call?.trail?.at(-1);
      const settled = status.resolution === undefined ? before : settledLook(status.resolution, before);
      const polls = call?.polls ?? 0;
      return {
        ...settled,
        polls: status.resolution === undefined ? Math.max(before.polls, polls) : settled.polls + polls,
        ...(asked === undefined ? {} : { lastAnswer: asked.subCode ?? asked.answer }),
        ...(call?.nextAttemptAt === undefined ? {} : { nextCheckAt: call.nextAttemptAt }),
      };
    }
  }
}

/** What the resolution itself knows: nothing yet of a poll that is under way. */
function settledLook(resolution: Resolution, before: Look): Look {
  const nextCheckAt = 'nextCheckAt' in resolution ? resolution.nextCheckAt : undefined;
  return {
    phase: resolution.phase === 'done' ? resolution.outcome : resolution.phase,
    isOpen: true,
    polls: resolution.polls,
    lastAnswer: lastAnswerOf(resolution) ?? before.lastAnswer,
    ...(nextCheckAt === undefined ? {} : { nextCheckAt }),
  };
}

function lastAnswerOf({ lastAnswer, cancels }: Resolution): string | undefined {
  const cancel = cancels.at(-1);
  if (cancel !== undefined && cancel.at > (lastAnswer?.at ?? '')) return `cancel: ${cancelInWords(cancel)}`;
  return lastAnswer?.subCode ?? lastAnswer?.answer;
}

function cancelInWords({ answer, retryFlag, action, subCode }: CancelRecord): string {
  if (retryFlag === 'Y') return 'retry_flag Y';
  if (answer !== 'answered') return subCode ?? answer;
  return action === undefined ? 'no action' : `action ${action}`;
}
