/**
 * Goal: the picture of the phases in docs/outcomes.md shows the moves that there are. Method: random walks through the rules, by a
 * fixed seed; each move between two phases is drawn, each drawn move happens. Moves into `needs-operator` and out of it are in
 * the sentence below the picture: any open phase has them.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import type { CancelAnswer, FailedCall, QueryAnswer, RefundQueryAnswer, RefundAnswer } from '../../contract/answers.ts';
import { FailureClass } from '../../contract/failure-class.ts';
import { CANCEL_WINDOW_MS, DEFAULT_POLICY } from '../../contract/policy.ts';
import { Outcome, PayAnswer, type ManualDecision } from '../../contract/resolution.ts';
import type { ParsedInput } from '../../contract/resolution-input.ts';
import { CancelAction, RetryFlag, TradeStatus } from '../../contract/trade.ts';
import {
  begin,
  whyNotCancelNow,
  decide,
  whyNotDecideManually,
  type Decision,
  type Observation,
  type State,
} from '../../resolution/index.ts';
import { document } from './documents.ts';

const WALKS = 8_000;
const STEPS_MAX = 60;
const START_MS = Date.parse('2026-11-24T10:30:00Z');
const TRADE_NO = '2026112422001400';
const NEEDS_OPERATOR = 'needs-operator';

describe('the picture of the phases', () => {
  const drawn = drawnMoves();
  let made: ReadonlySet<string>;
  before(() => {
    made = movesOfRandomWalks();
  });

  it('draws every move that is made', () => {
    const missing = [...made].filter((move) => !drawn.has(move) && !move.includes(NEEDS_OPERATOR));
    assert.deepEqual(missing.toSorted(alphabetically), []);
  });

  it('draws no move that is never made', () => {
    assert.deepEqual([...drawn].filter((move) => !made.has(move)).toSorted(alphabetically), []);
  });

  it('may leave out moves of needs-operator, because every open phase has one into it', () => {
    const phases = new Set([...made].map((move) => move.split(' → ')[0] ?? ''));
    for (const phase of phases) {
      if (phase !== NEEDS_OPERATOR) assert.ok(made.has(`${phase} → ${NEEDS_OPERATOR}`), phase);
    }
  });
});

function alphabetically(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function drawnMoves(): ReadonlySet<string> {
  const picture = document('docs/outcomes.md').blocks.find(({ language }) => language === 'mermaid')?.text ?? '';
  const moves = [...picture.matchAll(/^ {2}(\w+) --> (\w+)/gm)];
  return new Set(moves.map(([, from = '', to = '']) => `${from} → ${to}`.replaceAll('_', '-')));
}

function movesOfRandomWalks(): ReadonlySet<string> {
  const random = createRandom(20261124);
  const moves = new Set<string>();
  for (let walk = 0; walk < WALKS; walk += 1) walkOnce(random, moves);
  return moves;
}

function walkOnce(random: Random, moves: Set<string>): void {
  let nowMs = START_MS;
  let decision = begin(inputOf(random), nowMs, nowMs);
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const observed = observe(decision, nowMs, random);
    if (observed === undefined) return;
    nowMs = observed.nowMs;
    const { kind: before } = decision.state.phase;
    decision = decide(decision.state, observed.observation, nowMs);
    const { kind: after } = decision.state.phase;
    if (before !== after) moves.add(`${before} → ${after}`);
  }
}

function inputOf(random: Random): ParsedInput {
  return {
    merchant: 'default',
    ...(random.oneIn(6) ? { tradeNo: TRADE_NO } : { outTradeNo: 'T1' }),
    ...(random.oneIn(3) && { totalFen: 88_88 }),
    ...(random.oneIn(3) && { guardUntilMs: START_MS + 60_000 }),
    // Near the end of the time in which Alipay cancels, or long before it.
    ...(random.oneIn(2) && { payRequestedAtMs: START_MS + 600_000 - CANCEL_WINDOW_MS }),
    payExpiresAtMs: START_MS + (random.oneIn(2) ? 60_000 : 3_600_000),
    callerSaysPaid: random.oneIn(8),
    hurried: random.oneIn(8),
    refundIfNotCancellable: random.oneIn(2),
    policy: DEFAULT_POLICY,
  };
}

interface ObservationInTime {
  readonly observation: Observation;
  readonly nowMs: number;
}

/** Something that can come next: mostly the report of the command, now and then a wish. Undefined: the walk is over. */
function observe({ state, command }: Decision, nowMs: number, random: Random): ObservationInTime | undefined {
  const laterMs = nowMs + random.of([100, 1_000, 20_000, 400_000]);
  const wish = random.oneIn(5) ? wishOf(state, laterMs, random) : undefined;
  const reported = { scheduledAtMs: nowMs };
  switch (command.kind) {
    case 'query':
      if (wish !== undefined) return { observation: wish, nowMs: laterMs };
      return {
        observation: {
          kind: 'queried',
          report: { ...reported, answer: queryAnswer(random), startedAtMs: nowMs, polls: 1, trail: [] },
        },
        nowMs: laterMs,
      };
    case 'wait':
      if (wish !== undefined) return { observation: wish, nowMs: laterMs };
      return { observation: { kind: 'waited' }, nowMs: Math.max(nowMs, command.untilMs) };
    case 'cancel':
      return {
        observation: { kind: 'cancelled', report: { ...reported, answer: cancelAnswer(random) } },
        nowMs: laterMs,
      };
    case 'refund':
      return {
        observation: { kind: 'refunded', report: { ...reported, answer: refundAnswer(random) } },
        nowMs: laterMs,
      };
    case 'queryRefund':
      return {
        observation: { kind: 'refundQueried', report: { ...reported, answer: refundQueryAnswer(random) } },
        nowMs: laterMs,
      };
    case 'handOver':
    case 'finish':
      return undefined;
  }
}

function wishOf(state: State, nowMs: number, random: Random): Observation | undefined {
  const manualDecisions: readonly ManualDecision[] = [
    { kind: 'refund', who: 'Li Na', why: 'the sale is off' },
    ...Object.values(Outcome).map((outcome) => ({
      kind: 'outcome' as const,
      outcome,
      who: 'Li Na',
      why: 'seen in the portal',
    })),
  ];
  const manualDecision = random.of(manualDecisions);
  switch (random.of(['look', 'cancel', 'pay', 'decide'])) {
    case 'look':
      return { kind: 'lookNow' };
    case 'cancel':
      return whyNotCancelNow(state) === undefined ? { kind: 'cancelNow' } : undefined;
    case 'pay':
      return { kind: 'payAnswered', answer: random.of(Object.values(PayAnswer)) };
    case 'decide':
      return whyNotDecideManually(state, manualDecision, nowMs) === undefined
        ? { kind: 'decidedManually', manualDecision }
        : undefined;
  }
}

function queryAnswer(random: Random): QueryAnswer {
  if (random.oneIn(4)) return { kind: 'tradeNotExist' };
  if (random.oneIn(3)) return failed(random);
  return {
    kind: 'trade',
    outTradeNo: 'T1',
    tradeNo: TRADE_NO,
    tradeStatus: random.of(Object.values(TradeStatus)),
    totalAmount: random.oneIn(10) ? '80.00' : '88.88',
  };
}

function cancelAnswer(random: Random): CancelAnswer {
  if (random.oneIn(3)) return { ...failed(random), retryFlag: random.of(Object.values(RetryFlag)) };
  return {
    kind: 'answered',
    retryFlag: random.oneIn(4) ? RetryFlag.Y : RetryFlag.N,
    ...(!random.oneIn(3) && { action: random.of(Object.values(CancelAction)) }),
  };
}

function refundAnswer(random: Random): RefundAnswer {
  return random.oneIn(3) ? failed(random) : { kind: 'answered', fundChange: random.oneIn(2) };
}

function refundQueryAnswer(random: Random): RefundQueryAnswer {
  if (random.oneIn(4)) return { kind: 'tradeNotExist' };
  return random.oneIn(3) ? failed(random) : { kind: 'refund', found: random.of(['done', 'notSaid', 'nothing']) };
}

function failed(random: Random): FailedCall {
  return { kind: 'failed', failure: random.of(Object.values(FailureClass)), detail: 'failed' };
}

interface Random {
  /** True once in so many times. */
  oneIn(many: number): boolean;
  of<const T>(choices: readonly T[]): T;
}

/** Mulberry32: small, and the same everywhere. */
function createRandom(seed: number): Random {
  let a = seed;
  const next = (): number => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    oneIn: (many) => next() * many < 1,
    of(choices) {
      const chosen = choices[Math.floor(next() * choices.length)];
      if (chosen === undefined) throw new RangeError('There is nothing to choose from');
      return chosen;
    },
  };
}
