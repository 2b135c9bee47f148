/**
 * Goal: what our gateway reads from an answer is what Alipay's own SDKs read from it: every field, and every code of a failure.
 * Method: the same calls by our gateway, the Java SDK and the Node SDK, each checking signatures, in key mode and in certificate mode.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { AlipayGateway } from '../../alipay/gateway.ts';
import { EARLIER_REFUND, effects, effectTrades, READ_TRADES, readings, type ComparedCall } from './calls.ts';
import { fieldsQuestion } from './java-questions.ts';
import { javaSdkOrSkip, type JavaSdk } from './java-sdk.ts';
import { merchantOf } from './merchant-of.ts';
import { createNodeSdk, execVerified, type SdkMode } from './node-sdk.ts';
import { startSimulatorProcess, type SimulatorProcess } from './simulator-process.ts';
import { toldBySdk, toldByUs, withoutIdentity, type PlainAnswer } from './told.ts';

for (const mode of ['key', 'certificate'] as const) {
  describe(`answers as read by the official SDKs in ${mode} mode`, function () {
    this.timeout(60_000);
    let simulator: SimulatorProcess;
    let gateway: AlipayGateway;

    before(async () => {
      simulator = await startSimulatorProcess();
      gateway = new AlipayGateway(await merchantOf(simulator, mode));
      await planAll(simulator, READ_TRADES);
      assert.equal((await gateway.refund(EARLIER_REFUND)).kind, 'answered');
    });
    after(async () => {
      await gateway?.end();
      await simulator?.stop();
    });

    it('the Node SDK is told the same, call by call', async () => {
      await planAll(simulator, effectTrades('us_beside_node'));
      await planAll(simulator, effectTrades('node'));
      const signed = readings().filter(({ isUnsigned }) => isUnsigned !== true);
      assertSame(signed, await byUs(gateway, signed), await byNode(simulator, mode, signed));
      assertSame(
        effects('node'),
        (await byUs(gateway, effects('us_beside_node'))).map(withoutIdentity),
        (await byNode(simulator, mode, effects('node'))).map(withoutIdentity),
      );
    });

    describe('Java', () => {
      let java: JavaSdk;
      before(async function () {
        java = await javaSdkOrSkip(this);
      });

      it('the SDK is told the same, call by call', async () => {
        await planAll(simulator, effectTrades('us_beside_java'));
        await planAll(simulator, effectTrades('java'));
        const byJava = await toldToJava(java, simulator, mode, [...readings(), ...effects('java')]);
        const readingCount = readings().length;
        assertSame(readings(), await byUs(gateway, readings()), byJava.slice(0, readingCount));
        assertSame(
          effects('java'),
          (await byUs(gateway, effects('us_beside_java'))).map(withoutIdentity),
          byJava.slice(readingCount).map(withoutIdentity),
        );
      });

      it('every field that the simulator sends is in the interface', async () => {
        await planAll(simulator, effectTrades('raw'));
        const sdk = await createNodeSdk(simulator, mode);
        sdk.config.camelcase = false;
        const calls = [...readings(), ...effects('raw')].filter(({ isUnsigned }) => isUnsigned !== true);
        const known = await java.run({
          program: 'SdkQuestions',
          inputLines: [
            fieldsQuestion('AlipayResponse'),
            ...calls.map(({ javaName }) => fieldsQuestion(`response.${javaName}Response`)),
          ],
        });
        for (const [index, call] of calls.entries()) {
          const names = `${known[0]},${known[index + 1]}`.split(',');
          const sent = Object.keys(await execVerified(sdk, call)).filter((name) => name !== 'traceId');
          assert.deepEqual(
            sent.filter((name) => !names.includes(name)),
            [],
            call.promise,
          );
        }
      });
    });
  });
}

async function planAll(simulator: SimulatorProcess, plans: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [outTradeNo, plan] of Object.entries(plans)) await simulator.control('PUT', `/trades/${outTradeNo}`, plan);
}

async function byUs(gateway: AlipayGateway, calls: readonly ComparedCall[]): Promise<readonly PlainAnswer[]> {
  const told: PlainAnswer[] = [];
  for (const call of calls) told.push(toldByUs(await call.ours(gateway)));
  return told;
}

async function byNode(
  simulator: SimulatorProcess,
  mode: SdkMode,
  calls: readonly ComparedCall[],
): Promise<readonly PlainAnswer[]> {
  const sdk = await createNodeSdk(simulator, mode);
  const told: PlainAnswer[] = [];
  for (const call of calls) told.push(toldBySdk(call, await execVerified(sdk, call)));
  return told;
}

async function toldToJava(
  java: JavaSdk,
  { gatewayUrl: gateway, credentialsFolder: credentials }: SimulatorProcess,
  mode: SdkMode,
  calls: readonly ComparedCall[],
): Promise<readonly PlainAnswer[]> {
  const output = await java.run({
    program: 'SdkCalls',
    properties: { gateway, credentials, mode },
    inputLines: calls.map(
      ({ javaName, content }) => `${javaName} ${Buffer.from(JSON.stringify(content), 'utf8').toString('base64')}`,
    ),
  });
  assert.equal(output.length, calls.length);
  return output.map((line, index) => {
    const answer = JSON.parse(line) as PlainAnswer;
    assert.equal(answer['exception'], undefined, calls[index]?.promise);
    const call = calls[index];
    return call === undefined ? {} : toldBySdk(call, answer);
  });
}

/** All differences at once, each under the call it is about. */
function assertSame(
  calls: readonly ComparedCall[],
  ours: readonly PlainAnswer[],
  theirs: readonly PlainAnswer[],
): void {
  const byPromise = (told: readonly PlainAnswer[]): Record<string, unknown> =>
    Object.fromEntries(calls.map(({ promise }, index) => [promise, told[index]]));
  assert.deepEqual(byPromise(ours), byPromise(theirs));
}
