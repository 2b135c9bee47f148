/** `npm run simulator -- --port 8089 --credentials DIR [--host 0.0.0.0]`: the simulator alone, until SIGTERM or SIGINT. */
import { parseArgs } from 'node:util';

import { openCredentials } from './credential-files.ts';
import type { TradePlan } from './fault-plan.ts';
import { startSimulator } from './simulator.ts';

const USAGE = `Usage: simulator [--port 8089] [--host 127.0.0.1] [--credentials .runtime/simulator]
  --port         where to listen; 0 takes any free port
  --host         the address to listen on; 0.0.0.0 inside a container
  --credentials  folder for the keys and certificates: made afresh when empty, reused when there
`;

interface Arguments {
  readonly port: number;
  readonly host: string;
  readonly credentials: string;
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8089' },
      host: { type: 'string', default: '127.0.0.1' },
      credentials: { type: 'string', default: '.runtime/simulator' },
    },
  });
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535)
    throw new Error(`--port ${values.port} is not a port from 0 to 65535`);
  return { port, host: values.host, credentials: values.credentials };
}

/**
 * The trade of Alipay's own cancel example waits for its buyer, so that the example gets the answer that it prints, again
 * and again. Source: "alipay.trade.cancel(统一收单交易撤销接口)集成流程".
 */
const EXAMPLE_TRADE = 'sao201881610515614521';
const EXAMPLE_PLAN: TradePlan = {
  exists: 'WAIT_BUYER_PAY',
  tradeNo: '2019032622001494891000009752',
  behaviour: { cancelRepeatsAction: true },
};

async function main(): Promise<void> {
  const { port, host, credentials: folder } = readArguments();
  const credentials = await openCredentials(folder);
  const simulator = await startSimulator({ port, host, credentials });
  simulator.plan(EXAMPLE_TRADE, EXAMPLE_PLAN);
  let ending: Promise<void> | undefined;
  const end = (): void => void (ending ??= simulator.stop().then(sayStopped));
  // Not `once`: npm repeats a Ctrl-C that the terminal has given to all, and the second one must not cut the end short.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end);
  process.stderr.write(`simulator: credentials in ${folder}\n`);
  const { gatewayUrl, controlUrl } = simulator;
  process.stdout.write(`${JSON.stringify({ gatewayUrl, controlUrl, appId: credentials.appId })}\n`);
}

function sayStopped(): void {
  process.stderr.write('simulator: stopped\n');
}

try {
  await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`simulator: ${message}\n${message.includes('option') ? USAGE : ''}`);
  process.exitCode = 1;
}
