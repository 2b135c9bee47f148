/**
 * Goal: a payment service that dies anywhere inside `client.guard` leaves no trade unresolved, and never pays twice when it comes back.
 * Method: real processes behind a link to Temporal that can swallow what is said, each killed with SIGKILL at one point of
 * `guard-points.ts` with one buyer; then a service that remembers nothing guards every one of these sales again; the ledger is the judge.
 */
import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import path from 'node:path';
import { TASK_QUEUE, workflowIdOf } from '../../contract/names.ts';
import { Outcome } from '../../contract/resolution.ts';
import { IMPATIENT, until } from '../shop.ts';
import { type Program, startProgram } from '../worker/program.ts';
import { writeMerchantsFile } from '../worker/simulated-merchant.ts';
import { audit, startAndWait, type Waiting } from './audit.ts';
import { type WorkerProcesses, startWorkerProcesses } from './worker-processes.ts';
import { canStandAlone, type Environment, openEnvironment } from './environment.ts';
import { type Buyer, GUARD_POINTS, type GuardPoint } from './guard-points.ts';
import type { GuardedSale } from './guard-till.ts';
import { AUTH_CODE, leaksOf } from './sales.ts';
import { hasToxiproxy, startToxiproxy, type Toxiproxy } from './toxiproxy.ts';

const LANES = 3;
const GUARD_MS = 8_000;
const PAYABLE_MS = 10_000;

interface Case {
  readonly point: GuardPoint;
  readonly buyer: Buyer;
  readonly outTradeNo: string;
}

const CASES: readonly Case[] = GUARD_POINTS.flatMap((point, at) =>
  point.buyers.map((buyer, which) => ({ point, buyer, outTradeNo: `guarded-${at}-${which}` })),
);

describe('A payment service killed in a guarded pay call', function () {
  this.timeout(120_000);
  let environment: Environment;
  let workers: WorkerProcesses;
  let toxiproxy: Toxiproxy;
  let merchantsFile: string;

  before(async function () {
    if (!canStandAlone() || !hasToxiproxy()) this.skip();
    environment = await openEnvironment();
    workers = await startWorkerProcesses(environment, { name: 'worker', taskQueue: TASK_QUEUE });
    toxiproxy = await startToxiproxy();
    merchantsFile = writeMerchantsFile(path.join(environment.folder, 'till'), environment.simulator);
  });
  after(async () => {
    await workers?.stop();
    await toxiproxy?.stop();
    await environment?.close();
  });

  const saleOf = (outTradeNo: string, stopsAt?: GuardedSale['stopsAt']): GuardedSale => ({
    outTradeNo,
    authCode: AUTH_CODE,
    policy: IMPATIENT,
    guardMs: GUARD_MS,
    payableMs: PAYABLE_MS,
    ...(stopsAt === undefined ? {} : { stopsAt }),
  });

  async function openTill(address: string, sales: readonly GuardedSale[]): Promise<Program> {
    const till = startProgram('test/faults/guard-till.js', { args: [address, merchantsFile, JSON.stringify(sales)] });
    await till.says('connected');
    return till;
  }

  /** Every sale guarded by a service that remembers none of them: what it says of each. */
  async function guardAgain(sales: readonly GuardedSale[]): Promise<ReadonlyMap<string, string>> {
    const till = await openTill(environment.address, sales);
    till.signal('SIGUSR2');
    const { exitCode, stdout, stderr } = await till.ended();
    assert.equal(exitCode, 0, stderr);
    const lines = stdout.trim().split('\n');
    const saidOf = (no: string): string => lines.filter((line) => line.startsWith(`${no} `)).join('; ');
    return new Map(sales.map(({ outTradeNo: no }) => [no, saidOf(no).replaceAll(`${no} `, '')]));
  }

  const payCallsOf = (outTradeNo: string): number =>
    environment.simulator
      .ledger()
      .calls.filter((call) => call.method === 'alipay.trade.pay' && call.outTradeNo === outTradeNo).length;

  const isAtRest = (outTradeNo: string): boolean => environment.simulator.trade(outTradeNo).pending.length === 0;

  const exists = async (outTradeNo: string): Promise<boolean> =>
    await environment.temporal.workflow
      .getHandle(workflowIdOf({ outTradeNo }))
      .describe()
      .then(
        () => true,
        () => false,
      );

  async function killAt({ point, buyer, outTradeNo }: Case): Promise<void> {
    const { pay, stopsAt } = point;
    environment.simulator.plan(outTradeNo, { ...buyer.plan, ...(pay === undefined ? {} : { pay: [pay] }) });
    const link = await toxiproxy.link(outTradeNo, environment.address);
    const till = await openTill(link.address, [saleOf(outTradeNo, stopsAt)]);
    await point.reached({ outTradeNo, environment, till, link });
    till.signal('SIGKILL');
    const { exitCode, stdout } = await till.ended();
    assert.equal(exitCode, null, 'it ended before it was killed');
    if (stopsAt !== 'end') assert.doesNotMatch(stdout, / told /, 'it was told before it died');
    assert.equal(payCallsOf(outTradeNo), point.payCalls, `${point.name}: pay calls`);
    if (point.payCalls === 0)
      assert.deepEqual(environment.simulator.trade(outTradeNo).effects, [], 'no money may have moved');
    assert.equal(await exists(outTradeNo), !point.neverStarted, `${point.name}: is there a run?`);
  }

  it(`at ${GUARD_POINTS.length} points, with each buyer: every trade is resolved, and none is paid again`, async () => {
    const waiting = [...CASES];
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await killAt(next);
    };
    await Promise.all(Array.from({ length: LANES }, lane));

    const again = await guardAgain(CASES.map(({ outTradeNo }) => saleOf(outTradeNo)));
    for (const { point, buyer, outTradeNo } of CASES) {
      const expected = point.neverStarted
        ? 'guards; pays; was answered paid; returned; told true'
        : 'guards; refused AlreadyStarted';
      assert.equal(again.get(outTradeNo), expected, `guarded again: ${point.name}, a buyer ${buyer.name}`);
    }

    const there: Waiting[] = [];
    for (const { outTradeNo } of CASES) there.push(await startAndWait(environment, { outTradeNo }));
    await Promise.all(there.map(({ outcome }) => outcome));
    // A buyer who is late for a closed trade comes all the same, and in vain.
    for (const { outTradeNo } of CASES) await until(async () => isAtRest(outTradeNo) || undefined);
    const { objections, outcomes, reports, papers } = await audit(environment, there);
    console.log(`      ${CASES.length} kills, ${reports} reports of an outcome: ${JSON.stringify(outcomes)}`);
    assert.deepEqual(objections, []);
    for (const [at, { point, buyer, outTradeNo }] of CASES.entries()) {
      const ends = point.neverStarted ? Outcome.PAID : buyer.ends;
      const outcome = await there[at]?.outcome;
      assert.equal(outcome, ends ?? outcome, `${point.name}, a buyer ${buyer.name}`);
      assert.equal(payCallsOf(outTradeNo), point.neverStarted ? 1 : point.payCalls, `${point.name}: pay calls in all`);
    }

    const late = await guardAgain(CASES.map(({ outTradeNo }) => saleOf(outTradeNo)));
    for (const said of late.values()) assert.equal(said, 'guards; refused AlreadyStarted', 'guarded after the end');
    assert.deepEqual(leaksOf([...papers, workers.log()], environment.simulator), []);
  });

  it('does not even pay when the start is acknowledged after the guard: the resolution may be cancelling by then', async () => {
    const outTradeNo = 'acknowledged-late';
    environment.simulator.plan(outTradeNo, {});
    const link = await toxiproxy.link(outTradeNo, environment.address);
    const till = await openTill(link.address, [{ ...saleOf(outTradeNo), guardMs: 1_000, payableMs: 4_000 }]);
    await link.poison({ type: 'latency', attributes: { latency: 2_000 } }, 'downstream');
    till.signal('SIGUSR2');
    const { stdout, stderr } = await till.ended();
    assert.match(stdout, new RegExp(`${outTradeNo} guards\n${outTradeNo} refused AlreadyStarted\n`), stderr);
    const { objections, outcomes } = await audit(environment, [await startAndWait(environment, { outTradeNo })]);
    assert.deepEqual([objections, outcomes.NOT_CREATED, payCallsOf(outTradeNo)], [[], 1, 0]);
  });
});
