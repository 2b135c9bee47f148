/**
 * A place on this machine that takes connections late. A process listens with a short queue, is stopped, and its queue is filled:
 * the kernel then drops what asks to connect, and the asking side asks again after a second (Linux, initial retransmission timeout).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

export interface SlowListener {
  readonly port: number;
  /** Resolves when somebody is waiting to be let in. Where the system does not tell, at once. */
  waitedFor(): Promise<void>;
  /** Lets in who waits, from now on at once. */
  wake(): void;
  stop(): Promise<void>;
}

/** Answers every HTTP request with `body`. */
const PROGRAM = `
  const server = require('node:http').createServer((_, response) => response.end(process.argv[1]));
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));
`;
/** Linux lets in one more than the backlog. */
const QUEUE = 2;

export async function startSlowListener(body = ''): Promise<SlowListener> {
  const child = spawn(process.execPath, ['-e', PROGRAM, body], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  child.kill('SIGSTOP');
  const queue: Socket[] = [];
  for (let place = 0; place < QUEUE; place += 1) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
    queue.push(socket);
  }
  return {
    port,
    async waitedFor() {
      while (isWaitedFor(port) === false) await turn();
    },
    wake: () => void child.kill('SIGCONT'),
    async stop() {
      for (const socket of queue) socket.destroy();
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Whether more than the queue holds are connected or connecting, by the kernel's table; undefined where it does not tell. */
function isWaitedFor(port: number): boolean | undefined {
  let table: string;
  try {
    table = readFileSync('/proc/net/tcp', 'utf8');
  } catch {
    return undefined;
  }
  const place = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const callers = table.split('\n').filter((line) => line.trim().split(/\s+/)[2] === place).length;
  return callers < QUEUE ? undefined : callers > QUEUE;
}
