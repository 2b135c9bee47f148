/** Whether the money behind a gateway is real. */
import type { Merchant } from '../alipay/merchant.ts';
import { LEAST_AMOUNT, CommandLineError, type CommandLine } from './command-line.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** @throws CommandLineError unless it is play money, or real money was asked for and is as little as can be */
export function refuseRealMoney(merchant: Merchant, { amount, productionReally }: CommandLine): void {
  if (isPlayMoney(merchant)) return;
  if (!productionReally) {
    throw new CommandLineError(
      `${merchant.gatewayUrl} is not the sandbox: the experiments would pay ${LEAST_AMOUNT} yuan of real money and give it back. Use a ` +
        'merchant of the sandbox, or add --production-really.',
    );
  }
  if (amount !== LEAST_AMOUNT)
    throw new CommandLineError(`With real money the amount is ${LEAST_AMOUNT}: leave --amount out.`);
}

/** Whatever is not known to be play money is taken for real. */
export function isPlayMoney({ environment, gatewayUrl }: Merchant): boolean {
  return environment === 'sandbox' || LOOPBACK.test(new URL(gatewayUrl).hostname);
}
