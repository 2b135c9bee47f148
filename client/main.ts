#!/usr/bin/env node
/**
 * The command line: `alipay-resolution VERB ...`, or `npm run cli -- VERB ...`. Where Temporal is, is read from the `TEMPORAL_*`
 * variables and profiles.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';

import { type Connected, connect } from './connection.ts';
import { ResolutionError, ResolutionErrorCode } from './errors.ts';
import { NOTIFICATIONS_PATH } from './notification-receiver.ts';
import { ResolutionClient } from './resolution-client.ts';
import {
  ExitCode,
  numberOf,
  type Options,
  type VerbOutput,
  type VerbArguments,
  UsageError,
  type Verb,
} from './verb.ts';
import { cancelNow, list, orderRefund, resolveManually, retryNow, start, status, wait } from './verbs.ts';

const setup: Verb = {
  usage: '',
  purpose: 'Register the search attributes in the Temporal namespace; twice does no harm.',
  options: {},
  run: async () => (await import('./workplace-verbs.ts')).setup(),
};

const doctor: Verb = {
  usage: '[--merchants-file FILE]',
  purpose: 'Check keys, clock, Temporal, search attributes and the gateway, and say what to do.',
  help: `  --merchants-file FILE  instead of RESOLVER_MERCHANTS_FILE or ./merchants.json

  Asks the gateway about a trade number made up on the spot; nothing is changed anywhere.`,
  options: { 'merchants-file': { type: 'string' } },
  run: async ({ text }) => (await import('./workplace-verbs.ts')).doctor(text('merchants-file')),
};

const NOTIFICATIONS_PORT = 8090;

const receiveNotifications: Verb = {
  usage: '[--port N] [options]',
  purpose: "Receive Alipay's notifications and wake the resolutions of their trades.",
  help: `  --port N           where to listen (default: 8090)
  --host ADDRESS     (default: 127.0.0.1; 0.0.0.0 in a container)
  --path PATH        what notify_url names (default: ${NOTIFICATIONS_PATH})
  --merchants-file FILE  instead of RESOLVER_MERCHANTS_FILE or ./merchants.json

  Serves until SIGTERM or SIGINT. Plain HTTP: terminate TLS in front of it.`,
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    path: { type: 'string' },
    'merchants-file': { type: 'string' },
  },
  run: async (typed) => {
    const { text } = typed;
    const host = text('host') ?? '127.0.0.1';
    const path = text('path') ?? NOTIFICATIONS_PATH;
    const port = numberOf(typed, 'port', 0) ?? NOTIFICATIONS_PORT;
    if (!Number.isInteger(port) || port > 65_535) throw new UsageError('--port must be a port, from 0 to 65535.');
    if (!path.startsWith('/')) throw new UsageError('--path must begin with a slash.');
    const { receiveNotifications: receive } = await import('./workplace-verbs.ts');
    return await receive(text('merchants-file'), { host, port, path });
  },
};

const VERBS: ReadonlyMap<string, Verb> = new Map(
  Object.entries({
    start,
    wait,
    status,
    'cancel-now': cancelNow,
    'retry-now': retryNow,
    'resolve-manually': resolveManually,
    'order-refund': orderRefund,
    list,
    setup,
    doctor,
    'receive-notifications': receiveNotifications,
  }),
);

const EVERYWHERE: Options = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  'task-queue': { type: 'string' },
};

const EXIT_CODES = `Exit codes: 0 done, whatever the outcome; 1 refused, not found, or a check failed; 2 typed wrongly;
3 the time to wait is over and the resolution goes on.`;

process.exitCode = await main(process.argv.slice(2));

async function main([name = '', ...rest]: readonly string[]): Promise<ExitCode> {
  const verb = VERBS.get(name);
  if (verb === undefined) return noVerb(name);
  const asJson = rest.includes('--json');
  try {
    const typed = parse(verb, rest);
    if (typed.flag('help')) return say({ json: helpOf(name, verb), human: helpOf(name, verb) }, false);
    return say(await run(verb, typed), asJson);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${helpOf(name, verb)}\n`);
      return ExitCode.wrongUsage;
    }
    return refuse(error, asJson);
  }
}

function parse(verb: Verb, args: readonly string[]): VerbArguments {
  try {
    const options = { ...EVERYWHERE, ...verb.options };
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return {
      positionals,
      flag: (option) => values[option] === true,
      text: (option) => {
        const value = values[option];
        return typeof value === 'string' ? value : undefined;
      },
    };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function run(verb: Verb, typed: VerbArguments): Promise<VerbOutput> {
  let connected: Connected | undefined;
  try {
    return await verb.run(typed, async () => {
      connected = await connect();
      const taskQueue = typed.text('task-queue');
      return new ResolutionClient(connected.client, taskQueue === undefined ? {} : { taskQueue });
    });
  } finally {
    await connected?.client.connection.close();
  }
}

function say({ json, human, exitCode = ExitCode.done }: VerbOutput, asJson: boolean): ExitCode {
  process.stdout.write(`${asJson ? JSON.stringify(json, undefined, 2) : human}\n`);
  return exitCode;
}

function refuse(error: unknown, asJson: boolean): ExitCode {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof ResolutionError ? error.code : ResolutionErrorCode.Unavailable;
  if (asJson) process.stdout.write(`${JSON.stringify({ error: { code, message } }, undefined, 2)}\n`);
  process.stderr.write(`${message}\n`);
  return code === ResolutionErrorCode.StillOpen ? ExitCode.stillOpen : ExitCode.refused;
}

function noVerb(name: string): ExitCode {
  const verbs = [...VERBS].map(([verb, { purpose }]) => `  ${verb.padEnd(23)}${purpose}`).join('\n');
  const help = `Usage: alipay-resolution VERB [options]\n\n${verbs}\n\nVERB --help says more; every verb takes --json.\n${EXIT_CODES}\n`;
  const wanted = ['--help', '-h', 'help'].includes(name);
  (wanted ? process.stdout : process.stderr).write(
    wanted || name === '' ? help : `There is no verb "${name}".\n\n${help}`,
  );
  return wanted ? ExitCode.done : ExitCode.wrongUsage;
}

function helpOf(name: string, { usage, purpose, help }: Verb): string {
  const everywhere =
    '  --json             one JSON document on stdout\n  --task-queue NAME  Temporal task queue of the workers';
  return [
    `Usage: alipay-resolution ${name} ${usage}`.trimEnd(),
    `\n${purpose}\n`,
    ...(help === undefined ? [] : [help]),
    everywhere,
    '',
    EXIT_CODES,
  ].join('\n');
}
