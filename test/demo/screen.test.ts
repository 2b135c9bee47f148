/** Goal: a terminal sees one table that is drawn anew, everything else sees one line per change. */
import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { describe, it } from 'mocha';
import { createScreen, type Row, type Screen } from '../../demo/screen.ts';

const ROWS: readonly Row[] = [row('first', 'querying', 1), row('second', 'cancelling', 4)];

describe('the screen of the demo', () => {
  it('writes plain lines where there is no terminal: one a change, none for one more poll with the same answer', () => {
    const { screen, written } = screenOn({});
    screen.show(ROWS);
    screen.show([row('first', 'querying', 2), ROWS[1] ?? row('', '', 0)]);
    screen.show([row('first', 'PAID', 3), ROWS[1] ?? row('', '', 0)]);
    assert.deepEqual(
      written()
        .split('\n')
        .filter(Boolean)
        .map((line) => /s {2}(\S+) +(\S+)/.exec(line)?.slice(1)),
      [
        ['first', 'querying'],
        ['second', 'cancelling'],
        ['first', 'PAID'],
      ],
    );
    assert.ok(!written().includes('\x1b'));
  });

  it('draws the table over itself on a terminal, keeps what was said above it, and cuts what is too wide', () => {
    const { screen, written } = screenOn({ isTTY: true, columns: 80, rows: 24 });
    screen.show(ROWS);
    const first = written();
    screen.say(`the worker is killed ${'!'.repeat(100)}`);
    screen.show(ROWS);
    screen.end();
    const later = written().slice(first.length);
    // A header and two rows are gone over twice: once to say something above them, once to draw them anew.
    assert.equal(later.split('\x1b[3A').length - 1, 2);
    for (const line of stripVTControlCharacters(written()).split(/[\r\n]+/)) assert.ok(line.length < 80);
    assert.ok(written().endsWith('\x1b[?25h'));
  });

  it('writes plain lines on a terminal too low for the table', () => {
    const { screen, written } = screenOn({ isTTY: true, columns: 80, rows: 3 });
    screen.show(ROWS);
    assert.ok(!written().includes('\x1b'));
  });
});

function row(outTradeNo: string, phase: string, polls: number): Row {
  return { outTradeNo, story: 'a story', look: { phase, isOpen: true, polls, lastAnswer: 'WAIT_BUYER_PAY' } };
}

function screenOn(terminal: { isTTY?: boolean; columns?: number; rows?: number }): {
  screen: Screen;
  written: () => string;
} {
  let text = '';
  const write = (chunk: string | Uint8Array): boolean => ((text += String(chunk)), true);
  return { screen: createScreen({ write, ...terminal }, ROWS.length), written: () => text };
}
