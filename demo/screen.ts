/** The play as it goes: a table that is drawn anew on a terminal, a line per change everywhere else. */
import type { WriteStream } from 'node:tty';
import type { Look } from './look.ts';
import { formatTable } from './table.ts';

export interface Row {
  readonly outTradeNo: string;
  readonly story: string;
  readonly look: Look;
}

export interface Screen {
  /** Something happened. */
  say(sentence: string): void;
  /** How all trades stand now. */
  show(rows: readonly Row[]): void;
  /** Leaves the terminal as it was found. */
  end(): void;
}

type Output = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows'>>;

/** Lines on the terminal that are not rows of the table: its header, and the line that the cursor stands on. */
const OTHER_LINES = 2;

export function createScreen(output: Output, rowCount: number): Screen {
  const fits = (output.rows ?? 0) >= rowCount + OTHER_LINES && (output.columns ?? 0) >= 80;
  return output.isTTY === true && fits ? createTerminal(output) : createPlain(output);
}

/** Plain ANSI: up to the table's first line, then line by line, each cleared to its end. */
function createTerminal(output: Output): Screen {
  let drawn: readonly string[] = [];
  const up = (): string => (drawn.length === 0 ? '\r' : `\r\x1b[${drawn.length}A`);
  const draw = (lines: readonly string[]): string => lines.map((line) => `${cut(line)}\x1b[K\n`).join('');
  const cut = (line: string): string => line.slice(0, (output.columns ?? 80) - 1);
  output.write('\x1b[?25l');
  return {
    say(sentence) {
      output.write(`${up()}${draw([sentence])}${draw(drawn)}`);
    },
    show(rows) {
      const lines = formatTable(
        HEADER,
        rows.map((row) => cells(row, Date.now())),
      );
      output.write(`${up()}${draw(lines)}\x1b[J`);
      drawn = lines;
    },
    end() {
      output.write('\x1b[?25h');
    },
  };
}

const HEADER = ['trade', 'story', 'phase', 'polls', 'last answer', 'next check'];

function cells({ outTradeNo, story, look }: Row, nowMs: number): readonly string[] {
  return [outTradeNo, story, look.phase, String(look.polls), look.lastAnswer, nextCheck(look, nowMs)];
}

function nextCheck({ nextCheckAt }: Look, nowMs: number): string {
  if (nextCheckAt === undefined) return '';
  const seconds = (Date.parse(nextCheckAt) - nowMs) / 1_000;
  return seconds > 0 ? `in ${seconds.toFixed(0)} s` : 'now';
}

/** A change is another phase or another answer; one more poll with the same answer is none, nor is a trade without any. */
function createPlain(output: Output): Screen {
  const beganMs = performance.now();
  const shown = new Map<string, string>();
  const line = (text: string): void => {
    output.write(`${((performance.now() - beganMs) / 1_000).toFixed(1).padStart(6)} s  ${text}\n`);
  };
  return {
    say: (sentence) => line(`-- ${sentence}`),
    show(rows) {
      for (const row of rows) {
        const state = `${row.look.phase}  ${row.look.lastAnswer}`;
        if (shown.get(row.outTradeNo) === state || row.look.lastAnswer === '') continue;
        shown.set(row.outTradeNo, state);
        line(plainLine(row));
      }
    },
    end() {},
  };
}

function plainLine({ outTradeNo, look }: Row): string {
  const next = nextCheck(look, Date.now());
  const polls = `${look.polls} ${look.polls === 1 ? 'poll ' : 'polls'}`;
  const said = [outTradeNo.padEnd(21), look.phase.padEnd(14), polls.padStart(8), look.lastAnswer.padEnd(30)];
  return `${said.join('  ')}${next === '' ? '' : `  next check ${next}`}`.trimEnd();
}
