// @ts-check
/**
 * Things to undo however the set-up ends: half-built folders, locks, child processes. A signal that comes during the
 * set-up ends it through `process.exit`, so that these run; once the program itself runs, the signals are its own.
 */
import { constants } from 'node:os';

/** @type {Set<() => void>} */
const undoings = new Set();
/** @type {readonly NodeJS.Signals[]} */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Registers `undo` (synchronous) for the end of this process; returns a function that takes it back.
 * @param {() => void} undo
 */
export function atExit(undo) {
  undoings.add(undo);
  return () => undoings.delete(undo);
}

/**
 * The exit code a shell gives a program that a signal ended.
 * @param {NodeJS.Signals} signal
 */
export function exitCodeOfSignal(signal) {
  return 128 + constants.signals[signal];
}

/** @param {NodeJS.Signals} signal */
function endBySignal(signal) {
  process.exit(exitCodeOfSignal(signal));
}

export function endSetupOnSignals() {
  for (const signal of signals) process.on(signal, endBySignal);
}

export function leaveSignalsToTheProgram() {
  for (const signal of signals) process.off(signal, endBySignal);
}

process.on('exit', () => {
  for (const undo of undoings) undo();
});
