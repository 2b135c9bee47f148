// @ts-check
/** What a command needs before it can run. Each need is met in order; each adds to the environment that is handed on. */
import { ensureBundle, ensureCompiled } from './compile.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { Handed, underCi } from './environment.mjs';
import { ensureAlipayJavaSdk, ensureTemporalJavaSdk, ensureTestServer } from './java-parts.mjs';
import { whileLocked } from './lock.mjs';
import { hasJava } from './maven.mjs';
import { inProject } from './places.mjs';
import { say, SetupError } from './say.mjs';
import { installStryker } from './stryker.mjs';
import { findTemporalBinary, THREE_WAYS_OUT } from './temporal-binary.mjs';
import { findToxiproxy, TWO_WAYS_OUT } from './toxiproxy.mjs';

const BUILD_MS_MAX = 15 * 60_000;

export async function compiled() {
  await whileBuilding(async () => {
    await ensureDependencies();
    await ensureCompiled();
  });
}

export async function compiledAndBundled() {
  await whileBuilding(async () => {
    await ensureDependencies();
    await ensureCompiled();
    await ensureBundle();
  });
}

/** Some Temporal server: without one the command cannot run. */
export async function temporal() {
  if (!(await handOnTemporal())) throw new SetupError(THREE_WAYS_OUT);
}

/** Some Temporal server: without one the tests that need it are skipped, or under CI=true the run fails. */
export async function temporalForTests() {
  if (!(await handOnTemporal())) missing(THREE_WAYS_OUT);
}

/** Java's parts of the tests, likewise. */
export async function javaForTests() {
  if (!(await hasJava())) {
    missing(
      'There is no Java here: the tests that skip time and those against the official Java SDK need java and mvn.',
    );
    return;
  }
  try {
    process.env[Handed.testServer] = await ensureTestServer();
    process.env[Handed.temporalJavaSdk] = await ensureTemporalJavaSdk();
    process.env[Handed.alipayJavaSdk] = await ensureAlipayJavaSdk();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    missing(error.message);
  }
}

/** The proxy of the network faults, likewise. */
export async function toxiproxyForTests() {
  const path = await findToxiproxy();
  if (path) process.env[Handed.toxiproxy] = path;
  else missing(TWO_WAYS_OUT);
}

/** Stryker: without it the command cannot run. */
export async function stryker() {
  const failure = await whileBuilding(installStryker);
  if (failure) throw new SetupError(failure);
}

/** Stryker for the tests, likewise. */
export async function strykerForTests() {
  const failure = await whileBuilding(installStryker);
  if (failure) missing(failure);
}

async function handOnTemporal() {
  const existingServer = process.env.TEMPORAL_ADDRESS;
  if (existingServer) say(`using the Temporal server at ${existingServer} (TEMPORAL_ADDRESS)`);
  const binary = await findTemporalBinary({ costly: !existingServer });
  if (binary) process.env[Handed.temporalBinary] = binary;
  return Boolean(existingServer || binary);
}

/** @param {string} message */
function missing(message) {
  if (underCi) throw new SetupError(`${message}\nUnder CI=true this is an error.`);
  say(`${message}\nThe tests that need it are skipped.`);
}

/**
 * @template T
 * @param {() => Promise<T>} work
 */
function whileBuilding(work) {
  return whileLocked(
    inProject('.cache', 'setup.lock'),
    { heldMsMax: BUILD_MS_MAX, forWhat: 'installs or compiles' },
    work,
  );
}
