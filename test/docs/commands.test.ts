/**
 * Goal: every command that a document shows does what is said. Method: the shell blocks are taken out of the documents and run by a
 * shell, in their order, against a Temporal dev server, the simulator and a worker. What is not run here stands in the table with
 * the reason.
 *
 * `npm run cli --` and `temporal` stand for the programs that the set-up made: the command lines are the documents' own.
 */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import { ResolutionErrorCode } from '../../client/errors.ts';
import { TASK_QUEUE, WORKFLOW_TYPE, workflowIdOf } from '../../contract/names.ts';
import { Outcome } from '../../contract/resolution.ts';
import { services } from '../deploy/deployment.ts';
import { repositoryRoot } from '../repository-root.ts';
import { openShop, parkedFor, reached, type Shop, until } from '../shop.ts';
import { commandsOf, document, documents } from './documents.ts';

type Handling =
  /** Run here; its output, or what it says on stderr, matches. */
  | {
      readonly says: RegExp;
      readonly first?: (shop: Shop) => Promise<unknown>;
      readonly then?: (shop: Shop) => Promise<unknown>;
    }
  /** Sets a variable for the commands after it. */
  | { readonly sets: string }
  /** Run, or held as data, by that test. */
  | { readonly by: string; readonly because: string }
  | { readonly notRun: string };

const COMPOSE: Handling = { by: 'test/deploy/compose.test.ts', because: 'needs a Docker engine; held as data' };
const THIS_RUN: Handling = { notRun: 'it is the run that this test is part of' };
const IN_CI: Handling = { by: '.ci/run', because: 'a step of the whole check' };

/** The beginning of each command, in the order of the document, and what is done with it. */
const TABLE: Readonly<Record<string, readonly (readonly [begins: string, handling: Handling])[]>> = {
  'README.md': [
    ['npm run demo', { by: 'test/demo/demo.test.ts', because: 'plays for half a minute, so once is enough' }],
    ['npm test', THIS_RUN],
    ['temporal workflow start', { says: /sao201881610515614521/, first: waiting('sao201881610515614521') }],
    ['TEMPORAL_HTTP=', { sets: 'TEMPORAL_HTTP' }],
    ['curl -sS $TEMPORAL_HTTP/workflows/', { says: /"runId"/ }],
    ['export RESOLVER_MERCHANTS_FILE=', { sets: 'RESOLVER_MERCHANTS_FILE' }],
    ['npm run cli -- setup', { says: /were registered before/ }],
    ['npm run cli -- doctor', { says: /all is well enough to start/ }],
    ['npm run worker', { by: 'test/worker/worker-process.test.ts', because: 'started and ended there' }],
  ],
  'docs/contract.md': [
    [
      'npm run cli -- start',
      { says: /^started: workflow alipay:default:T20261124-1$/m, first: waiting('T20261124-1') },
    ],
    ['npm run cli -- status', { says: /T20261124-1, tradeNo \d+ \(merchant default, 88\.88 yuan\): querying/ }],
    ['npm run cli -- cancel-now', { says: /T20261124-1/ }],
    ['npm run cli -- wait', { says: /T20261124-1.*: CLOSED, decided by alipay/ }],
    ['npm run cli -- list', { says: /T20261124-1 +default +CLOSED +completed/ }],
    ['temporal workflow start', { says: /T20261124-2/, first: waiting('T20261124-2') }],
    ['temporal workflow query', { says: /"phase": ?"querying"/ }],
    ['temporal workflow signal', { says: /[Ss]ignal/ }],
    ['temporal workflow update execute', { says: /outTradeNo:T20261124-2/ }],
    ['temporal workflow result', { says: /"outcome": ?"CLOSED"/ }],
    [
      'temporal workflow describe',
      { says: /FAILED[^]*Wrong input: totalAmount/, first: failedForItsInput('T20261124-6') },
    ],
    ['temporal workflow start', { says: /RunId/, first: waiting('T20261124-6'), then: runsAnew('T20261124-6') }],
    ['TEMPORAL_HTTP=', { sets: 'TEMPORAL_HTTP' }],
    ['curl -sS $TEMPORAL_HTTP/workflows/', { says: /"started":true/, first: waiting('T20261124-3') }],
    ['curl -sS $TEMPORAL_HTTP/workflows/', { says: /"phase":"querying"/ }],
    ['curl -sS $TEMPORAL_HTTP/workflows/', { says: /^\{\}\s*$/ }],
    ['curl -sS $TEMPORAL_HTTP/workflows/', { says: /"outTradeNo":"T20261124-3"/ }],
    ['curl -sS "$TEMPORAL_HTTP/workflows/', { says: /workflowExecutionCompletedEventAttributes.*"outcome":"CLOSED"/ }],
    [
      'npm run cli -- receive-notifications',
      { by: 'test/notification/command-line.test.ts', because: 'serves until it is told to stop' },
    ],
  ],
  'docs/operations.md': [
    ['WORKER_USER=$(id -u) docker compose up --build', COMPOSE],
    ['docker compose up --build simulated-worker temporal-ui', COMPOSE],
    ['npm run cli -- setup', { says: /were registered before/ }],
    ['temporal operator search-attribute create', { says: /have been added/ }],
    ['npm run cli -- list --open', { says: /OP20261124-1 .*needs-operator/, first: parked('OP20261124-1') }],
    ['npm run cli -- status', { says: /needs a person \(amountMismatch\)[^]*what to do: Alipay holds/ }],
    ['npm run cli -- retry-now', { says: /^sent/ }],
    ['npm run cli -- resolve-manually', { says: /OP20261124-1.*: PAID, decided by operator/ }],
  ],
  'CONTRIBUTING.md': [
    ['npm test', THIS_RUN],
    ['npm run test:full', THIS_RUN],
    ['npm run test:unit', { by: 'test/setup/test-run.test.ts', because: 'the fast part of this run' }],
    ['npm run lint', IN_CI],
    ['npm run format', IN_CI],
  ],
};

/** Their commands are another document's, or are run by a test of their own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'README.zh-CN.md': 'test/docs/readme.test.ts',
  'simulator/README.md': 'test/simulator/readme.test.ts',
};

const CLI = fileURLToPath(new URL('../../client/main.js', import.meta.url));
const PROGRAMS = `
npm() { [ "$1 $2 $3" = 'run cli --' ] || { echo "npm $* is not run here" >&2; return 9; }; shift 3; "$NODE_PROGRAM" "$CLI" "$@"; }
temporal() { "$TEMPORAL_PROGRAM" "$@"; }
`;

describe('every command of the documents', () => {
  it('is in the table of this test, or in that of another', () => {
    for (const one of documents) {
      const commands = commandsOf(one);
      const rows = TABLE[one.name] ?? [];
      const elsewhere = ELSEWHERE[one.name];
      if (elsewhere !== undefined) {
        assert.ok(existsSync(path.join(repositoryRoot, elsewhere)), elsewhere);
        continue;
      }
      assert.equal(commands.length, rows.length, `${one.name}: ${JSON.stringify(commands, undefined, 1)}`);
      commands.forEach((command, at) => assert.ok(command.startsWith(rows[at]?.[0] ?? '?'), `${one.name}: ${command}`));
    }
  });

  it('that another test runs is named with a test that is there', () => {
    for (const [, handling] of Object.values(TABLE).flat()) {
      if ('by' in handling) assert.ok(existsSync(path.join(repositoryRoot, handling.by)), handling.by);
    }
  });

  it('names npm scripts, verbs and compose services that there are', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const { stdout: help } = spawnSync(process.execPath, [CLI, '--help'], { encoding: 'utf8' });
    const verbs = [...help.matchAll(/^ {2}([a-z-]+) /gm)].map(([, verb]) => verb);
    for (const one of documents) {
      const commands = [...commandsOf(one), ...one.inlineCode];
      for (const command of commands) {
        const [, script] = /\bnpm run ([a-z:-]+)/.exec(command) ?? [];
        if (script !== undefined) assert.ok(Object.hasOwn(scripts, script), `${one.name}: ${command}`);
        const [, verb] = /\bnpm run cli -- ([a-z-]+)/.exec(command) ?? [];
        if (verb !== undefined) assert.ok(verbs.includes(verb), `${one.name}: ${command}`);
        const [, named] = /\bdocker compose up --build(( [a-z-]+)*)/.exec(command) ?? [];
        for (const service of (named ?? '').split(' ').filter(Boolean)) {
          assert.ok(Object.hasOwn(services, service), `${one.name}: ${command}`);
        }
      }
    }
  });
});

describe('a command of the documents (needs the Temporal CLI)', () => {
  let shop: Shop;
  let folder: string;
  const variables = new Map<string, string>();

  before(async function () {
    const lacking = process.env['TEMPORAL_ADDRESS']
      ? 'the HTTP port of an existing Temporal server is not known'
      : !process.env['RESOLVER_TEMPORAL_BINARY'] && 'there is no Temporal CLI on this machine';
    if (lacking) {
      process.stdout.write(`      skipped: ${lacking}\n`);
      this.skip();
    }
    shop = await openShop();
    folder = mkdtempSync(path.join(tmpdir(), 'commands-'));
    writeFileSync(path.join(folder, 'temporal.toml'), '[profile.default]\n');
    writeMerchants(folder, shop);
  });
  after(async () => {
    await shop?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, rows] of Object.entries(TABLE)) {
    describe(name, () => {
      const commands = commandsOf(document(name));
      rows.forEach(([, handling], at) => {
        const command = commands[at] ?? '';
        if ('sets' in handling) {
          it(command, () => {
            const [, value = ''] = /=(.*)$/.exec(command) ?? [];
            variables.set(handling.sets, value.replace('http://localhost:7243', shop.server.httpUrl ?? ''));
          });
        } else if ('says' in handling) {
          it(command.split('\n')[0] ?? '', async () => {
            await handling.first?.(shop);
            assert.match(await run(command), handling.says);
            await handling.then?.(shop);
          });
        }
      });
    });
  }

  async function run(command: string): Promise<string> {
    const env = {
      ...process.env,
      ...Object.fromEntries(variables),
      NODE_PROGRAM: process.execPath,
      CLI,
      TEMPORAL_PROGRAM: process.env['RESOLVER_TEMPORAL_BINARY'] ?? 'temporal',
      TEMPORAL_ADDRESS: shop.server.address,
      TEMPORAL_CONFIG_FILE: path.join(folder, 'temporal.toml'),
      NO_COLOR: '1',
      no_proxy: '127.0.0.1',
    };
    try {
      const { stdout, stderr } = await promisify(execFile)('sh', ['-c', PROGRAMS + command], { cwd: folder, env });
      return stdout + stderr;
    } catch (error) {
      const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
      throw new Error(`${command}\nfailed and said:\n${stdout}${stderr}`, { cause: error });
    }
  }
});

/** As the README says: the merchants file and its keys in a folder of their own. Here they are the simulator's. */
function writeMerchants(folder: string, { simulator }: Shop): void {
  const merchants = path.join(folder, 'merchants');
  mkdirSync(merchants);
  const { appId, appPrivateKey, alipayPublicKey } = simulator.credentials;
  writeFileSync(path.join(merchants, 'app-private-key.txt'), appPrivateKey, { mode: 0o600 });
  writeFileSync(path.join(merchants, 'alipay-public-key.txt'), alipayPublicKey);
  const example = readFileSync(path.join(repositoryRoot, 'worker', 'merchants.example.json'), 'utf8');
  const file = example.replace('9021000000000000', appId).replace('"sandbox"', JSON.stringify(simulator.gatewayUrl));
  writeFileSync(path.join(merchants, 'merchants.json'), file);
}

/** The trade is there and waits for its buyer. */
function waiting(outTradeNo: string): (shop: Shop) => Promise<void> {
  return async ({ simulator }) => {
    simulator.plan(outTradeNo, { exists: 'WAIT_BUYER_PAY' });
  };
}

/** A start by another language, with a number where a text belongs. */
function failedForItsInput(outTradeNo: string): (shop: Shop) => Promise<void> {
  return async ({ client, temporal }) => {
    await temporal.workflow.start(WORKFLOW_TYPE, {
      workflowId: workflowIdOf({ outTradeNo }),
      taskQueue: TASK_QUEUE,
      args: [{ outTradeNo, totalAmount: 88.88 }],
    });
    await assert.rejects(client.wait({ outTradeNo }), { code: ResolutionErrorCode.InvalidInput });
  };
}

/** The failed run does not stand in the way any more. */
function runsAnew(outTradeNo: string): (shop: Shop) => Promise<void> {
  return async ({ client }) => {
    await client.cancelNow({ outTradeNo });
    assert.equal((await client.wait({ outTradeNo })).outcome, Outcome.CLOSED);
  };
}

/** The trade waits for an operator, and the list shows it. */
function parked(outTradeNo: string): (shop: Shop) => Promise<void> {
  return async (shop) => {
    await shop.client.start(shop.uncertain(outTradeNo, { exists: 'TRADE_SUCCESS', totalAmount: '80.00' }));
    await reached(shop, { outTradeNo }, parkedFor('amountMismatch'));
    await until(async () => {
      const found = await shop.client.list({ open: true, resolution: 'needs-operator' });
      return found.some((one) => one.outTradeNo === outTradeNo) ? true : undefined;
    });
  };
}
