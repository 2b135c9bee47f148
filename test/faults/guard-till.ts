/**
 * A payment service that guards its pay calls, in a process of its own: `node guard-till.js ADDRESS MERCHANTS_FILE SALES`. It says that
 * it is connected, guards all its sales when it gets SIGUSR2, and says each step of each sale, so that it can be killed at any of them.
 */
import { once } from 'node:events';
import process from 'node:process';
import { Client, Connection } from '@temporalio/client';
import { AlipayGateway } from '../../alipay/gateway.ts';
import { payVerdict } from '../../alipay/pay-verdict.ts';
import { ResolutionError } from '../../client/errors.ts';
import { ResolutionClient } from '../../client/resolution-client.ts';
import type { Policy } from '../../contract/policy.ts';
import type { PayAnswer } from '../../contract/resolution.ts';
import { loadMerchants } from '../../worker/load-merchants.ts';

export interface GuardedSale {
  readonly outTradeNo: string;
  /** What the scanner reads off the buyer's screen. */
  readonly authCode: string;
  readonly policy: Policy;
  readonly guardMs: number;
  /** How long the buyer may pay, counted from the moment at which the sale is guarded. */
  readonly payableMs: number;
  /** Where it stops: for good before the pay call and at the end, until the next SIGUSR2 between the pay call's answer and the signal. */
  readonly stopsAt?: 'pay' | 'answer' | 'end';
}

const forGood = new Promise<never>(() => {});
const nextSignal = async (): Promise<unknown> => await once(process, 'SIGUSR2');

async function guard({ outTradeNo, authCode, policy, guardMs, payableMs, stopsAt }: GuardedSale): Promise<void> {
  const totalAmount = '88.88';
  const timeExpire = new Date(Math.ceil((Date.now() + payableMs) / 1_000) * 1_000).toISOString();
  const input = { outTradeNo, totalAmount, payExpiresAt: timeExpire, policy };
  const say = (what: string): boolean => process.stdout.write(`${outTradeNo} ${what}\n`);
  const pay = async (): Promise<{ readonly payAnswer: PayAnswer }> => {
    say('pays');
    if (stopsAt === 'pay') await forGood;
    const request = { outTradeNo, totalAmount, subject: 'guarded', timeExpire, authCode };
    const payAnswer = payVerdict(await gateway.pay(request));
    const goesOn = stopsAt === 'answer' ? nextSignal() : undefined;
    say(`was answered ${payAnswer}`);
    await goesOn;
    return { payAnswer };
  };
  say('guards');
  try {
    const { told } = await client.guard(input, pay, { guardMs });
    say('returned');
    say(`told ${await told}`);
  } catch (error) {
    if (!(error instanceof ResolutionError)) throw error;
    say(`refused ${error.code}`);
  }
  if (stopsAt === 'end') await forGood;
}

const [address = '', merchantsFile = '', sales = '[]'] = process.argv.slice(2);
const merchant = loadMerchants(merchantsFile).get('default');
if (merchant === undefined) throw new TypeError('The merchants file must name "default"');
const gateway = new AlipayGateway(merchant);
const connection = await Connection.connect({ address });
const client = new ResolutionClient(new Client({ connection }));
// Neither an idle connection nor waiting for a signal keeps a process alive.
const alive = setInterval(() => {}, 1_000);
const begins = nextSignal();
process.stdout.write('connected\n');
await begins;
await Promise.all((JSON.parse(sales) as readonly GuardedSale[]).map(guard));
clearInterval(alive);
await connection.close();
await gateway.end();
