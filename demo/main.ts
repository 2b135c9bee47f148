/**
 * `npm run demo [-- --keep] [-- --credentials DIR]`: a payment service whose pay calls time out or leave it in doubt, and what
 * becomes of each of its trades. Everything is real but the gateway, which is not Alipay and therefore knows the truth.
 *
 * Exit code 0: every outcome agrees with the gateway's ledger. 1: one does not, or the play could not be played. 128 + n: ended
 * by signal n. Whatever was started has ended by then.
 */
import { once, setMaxListeners } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Counter, type Sale } from './counter.ts';
import { createFileJournal } from './journal.ts';
import { BEFORE_PAY } from './look.ts';
import { type Ending, play } from './play.ts';
import { report } from './report.ts';
import { createScreen, type Row } from './screen.ts';
import { setStage, type Stage } from './stage.ts';
import { STORIES, type Story } from './stories.ts';
import { exitCodeOf } from './verdict.ts';

/** Twice what the play takes on a small machine. */
const PLAY_MS_MAX = 120_000;
const REFRESH_MS = 250;

const { values: options } = parseArgs({
  options: { keep: { type: 'boolean', default: false }, credentials: { type: 'string' } },
});

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(name, () => interruption.abort(new Interrupted(name)));
// Nobody reads any more.
process.stdout.on('error', () => interruption.abort(new Interrupted('SIGHUP')));

class Interrupted extends Error {
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') {
    super(`ended by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

const ends: (() => Promise<unknown>)[] = [];
try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
  complain(error);
} finally {
  for (const end of ends.toReversed()) await end().catch(complain);
  // The Temporal client has calls under way whose retries would go on for ever; nothing else is left.
  process.stdout.write('', () => process.exit());
}

async function main(): Promise<number> {
  const stage = await setStage({
    ...(options.credentials === undefined ? {} : { credentialsFolder: options.credentials }),
    say: (sentence) => process.stdout.write(`started: ${sentence}\n`),
    signal: interruption.signal,
    onEnd: (end) => ends.push(end),
  });
  const beganMs = performance.now();
  const endings = await Promise.race([playAll(stage), stage.workers.broken, interrupted()]);
  const seconds = (performance.now() - beganMs) / 1_000;
  process.stdout.write(`\n${report(endings, { webUiUrl: stage.webUiUrl, seconds })}`);
  if (options.keep) await keepOpen(stage);
  return exitCodeOf(endings.map(({ verdict }) => verdict));
}

/** All stories at once. */
async function playAll(stage: Stage): Promise<readonly Ending[]> {
  const counter = new Counter({ ...stage, journal: createFileJournal<Sale>(join(stage.folder, 'sales.jsonl')) });
  const looks = new Map(STORIES.map(({ outTradeNo }) => [outTradeNo, BEFORE_PAY]));
  const rows = (): readonly Row[] =>
    STORIES.map(({ outTradeNo, name }) => ({ outTradeNo, story: name, look: looks.get(outTradeNo) ?? BEFORE_PAY }));
  const screen = createScreen(process.stdout, STORIES.length);
  const refresh = setInterval(() => screen.show(rows()), REFRESH_MS);
  const over = new AbortController();
  // Every pause of every story listens to it.
  setMaxListeners(0, over.signal);
  const latest = setTimeout(() => over.abort(), PLAY_MS_MAX);
  interruption.signal.addEventListener('abort', () => over.abort());
  try {
    for (const { outTradeNo, plan } of STORIES) stage.simulator.plan(outTradeNo, plan);
    const playOne = (story: Story): Promise<Ending> =>
      play(story, {
        stage,
        counter,
        signal: over.signal,
        say: (sentence) => screen.say(sentence),
        show: (look) => looks.set(story.outTradeNo, look),
      });
    return await Promise.all(STORIES.map(playOne));
  } finally {
    clearInterval(refresh);
    clearTimeout(latest);
    screen.show(rows());
    screen.end();
  }
}

/** Rejects when a signal arrives. */
async function interrupted(): Promise<never> {
  if (!interruption.signal.aborted) await once(interruption.signal, 'abort');
  throw interruption.signal.reason;
}

async function keepOpen({ webUiUrl, simulator, workers }: Stage): Promise<void> {
  const where = webUiUrl === undefined ? '' : `\n  Web UI   ${webUiUrl}`;
  process.stdout.write(
    `\neverything is left running:${where}\n  ledger   ${simulator.controlUrl}/ledger\n  worker   process ${workers.pid()}\nCtrl-C ends it all\n`,
  );
  await Promise.race([workers.broken, interrupted()]).catch((error: unknown) => {
    if (!(error instanceof Interrupted)) throw error;
  });
}

function complain(error: unknown): void {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
}
