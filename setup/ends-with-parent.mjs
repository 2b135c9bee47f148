// @ts-check
/**
 * Whoever imports this gets SIGTERM when its parent is gone, whatever ended that one (SIGKILL included): so a program that npm started
 * ends in good order, calls under way and all, and never runs on beside the one that the next deploy starts. No system tells a process
 * of its parent's end in a way that Node can hear; but it gets another parent then.
 */
import { isMainThread } from 'node:worker_threads';

const LOOK_EVERY_MS = 500;

// A thread would end the whole process.
if (isMainThread) {
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_EVERY_MS).unref();
}
