/**
 * A payment service in a process of its own: `node till-process.js ADDRESS INPUT`. It says that it is connected, hands its one sale
 * over when it gets SIGUSR2, and says what it was told. Its death in between is what `starts.test.ts` is about.
 */
import { once } from 'node:events';
import process from 'node:process';
import { Client, Connection } from '@temporalio/client';
import { ResolutionClient } from '../../client/resolution-client.ts';
import type { ResolutionInput } from '../../contract/resolution-input.ts';

const [address = '', input = '{}'] = process.argv.slice(2);
const told = once(process, 'SIGUSR2');
const connection = await Connection.connect({ address });
process.stdout.write('connected\n');
// An idle connection does not keep a process alive, nor does waiting for a signal.
const alive = setInterval(() => {}, 1_000);
await told;
clearInterval(alive);
const client = new ResolutionClient(new Client({ connection }));
const { runId, isNew } = await client.start(JSON.parse(input) as ResolutionInput);
process.stdout.write(`${JSON.stringify({ runId, isNew })}\n`);
await connection.close();
