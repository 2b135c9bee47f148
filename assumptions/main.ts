/**
 * Tries at a real gateway what the rules about money assume of Alipay:
 *
 *     npm run assumptions -- --merchant NAME [--auth-code CODE] [--amount 0.01]
 *
 * Every trade it makes is its own, and closed again. Neither a key, nor the payment code, nor the buyer is ever printed.
 */
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';

import { AlipayGateway, type GatewayOptions } from '../alipay/gateway.ts';
import type { Merchant } from '../alipay/merchant.ts';
import { readProxies } from '../alipay/proxy-rules.ts';
import { loadMerchants } from '../worker/load-merchants.ts';
import { StartProblem } from '../worker/start-problem.ts';
import { Bench } from './bench.ts';
import { HELP, parse, readAuthCode, CommandLineError, type CommandLine } from './command-line.ts';
import { isPlayMoney, refuseRealMoney } from './real-money.ts';
import { createReport, ExitCode, exitCodeOf, reportText } from './report.ts';
import { CannotRun, playScenes } from './scenes.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    const typed = parse(args);
    if (typed.help) {
      process.stdout.write(HELP);
      return ExitCode.nothingDiffers;
    }
    return await run(typed);
  } catch (error) {
    if (!(error instanceof CommandLineError || error instanceof CannotRun || error instanceof StartProblem))
      throw error;
    process.stderr.write(`${error.message}\n`);
    return ExitCode.couldNotRun;
  }
}

async function run(typed: CommandLine): Promise<ExitCode> {
  const named = typed.merchantsFile ?? process.env['RESOLVER_MERCHANTS_FILE'];
  const merchants = loadMerchants(named || undefined);
  const merchant = merchants.get(typed.merchant);
  if (merchant === undefined) {
    throw new CommandLineError(
      `There is no merchant "${typed.merchant}" in that file; there is ${[...merchants.keys()].join(', ')}.`,
    );
  }
  refuseRealMoney(merchant, typed);
  const authCode = await readAuthCode(typed.authCode);
  announce(merchant, typed);

  const gateway = new AlipayGateway(merchant, proxyTo(merchant));
  try {
    const bench = new Bench({ gateway, amount: typed.amount, wait });
    const means = { refundSettlesMs: typed.refundWaitS * 1_000, ...(authCode === undefined ? {} : { authCode }) };
    const report = createReport(
      { merchant: typed.merchant, amount: typed.amount },
      merchant,
      await playScenes(bench, means),
    );
    process.stdout.write(`${typed.json ? JSON.stringify(report, undefined, 2) : reportText(report)}\n`);
    return exitCodeOf(report);
  } finally {
    await gateway.end();
  }
}

/** As the workers do. */
function proxyTo({ gatewayUrl }: Merchant): Pick<GatewayOptions, 'proxy'> {
  const problems: string[] = [];
  const proxy = readProxies(process.env, problems)?.forGateway(gatewayUrl);
  if (problems.length > 0) throw new CommandLineError(problems.join('\n'));
  return proxy === undefined ? {} : { proxy };
}

function announce(merchant: Merchant, { amount, authCode }: CommandLine): void {
  const money = isPlayMoney(merchant) ? 'play money' : 'REAL MONEY';
  const paid = authCode === undefined ? 'nothing is paid' : `${amount} yuan (${money}) are paid and given back`;
  process.stderr.write(`${merchant.environment}, ${merchant.gatewayUrl}: ${paid}\n`);
}
