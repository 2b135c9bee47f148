/**
 * How long one call to the gateway lasts under every toxic, against its deadline: no call may outlive it by more than 100 ms.
 *
 *     node setup/run.mjs call-deadline [CALLS]
 *
 * Every blow of `test/faults/network-faults.ts`, CALLS times (default 20) on a query, one call at a time. `overrun` is how far the longest call
 * went beyond the deadline, `ratio` the longest call to the deadline.
 */
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { AlipayGateway } from '../alipay/gateway.ts';
import { formatTable } from '../demo/table.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { NETWORK_FAULTS, CALL_DEADLINE_MS, describeFault, strike } from '../test/faults/network-faults.ts';
import { merchantAt } from '../test/faults/environment.ts';
import { startToxiproxy } from '../test/faults/toxiproxy.ts';

const OVERRUN_MS_MAX = 100;
const calls = Number(process.argv[2] ?? 20);

interface Measured {
  readonly what: string;
  readonly came: ReadonlySet<string>;
  readonly longestMs: number;
}

const simulator = await startSimulator();
const toxiproxy = await startToxiproxy();
const measured: Measured[] = [];
try {
  simulator.plan('BENCH', { exists: 'WAIT_BUYER_PAY' });
  for (const blow of NETWORK_FAULTS) measured.push(await measure(describeFault(blow), blow));
} finally {
  await toxiproxy.stop();
  await simulator.stop();
}
report();

async function measure(what: string, blow: (typeof NETWORK_FAULTS)[number]): Promise<Measured> {
  const { host, pathname } = new URL(simulator.gatewayUrl);
  const link = await toxiproxy.link(what.replace(' ', '-'), host);
  const gateway = new AlipayGateway(merchantAt(simulator, `http://${link.address}${pathname}`, CALL_DEADLINE_MS));
  const came = new Set<string>();
  let longestMs = 0;
  for (let call = 0; call < calls; call += 1) {
    const received = simulator.ledger().calls.length;
    await strike(blow, link, () => simulator.callReceived({ outTradeNo: 'BENCH', count: received + 1 }));
    const startedMs = performance.now();
    const answer = await gateway.query({ outTradeNo: 'BENCH' });
    longestMs = Math.max(longestMs, performance.now() - startedMs);
    came.add(answer.kind === 'answered' ? answer.kind : answer.failure);
    await link.heal();
    // What was held up arrives, and the next call begins on an even footing.
    await pause(50);
  }
  await gateway.end();
  return { what, came, longestMs };
}

function report(): void {
  const rows = measured.map(({ what, came, longestMs }) => [
    what,
    [...came].join(', '),
    `${longestMs.toFixed(0)} ms`,
    `${Math.max(0, longestMs - CALL_DEADLINE_MS).toFixed(0)} ms`,
    (longestMs / CALL_DEADLINE_MS).toFixed(3),
  ]);
  const header = ['blow', 'the caller was told', 'longest call', 'overrun', 'ratio'];
  process.stdout.write(`${formatTable(header, rows).join('\n')}\n`);
  const worst = Math.max(...measured.map(({ longestMs }) => longestMs)) - CALL_DEADLINE_MS;
  process.stdout.write(
    `${calls * NETWORK_FAULTS.length} calls, deadline ${CALL_DEADLINE_MS} ms: the worst overrun is ${Math.max(0, worst).toFixed(0)} ms, ${worst <= OVERRUN_MS_MAX ? 'within' : 'ABOVE'} the ${OVERRUN_MS_MAX} ms demanded\n`,
  );
}
