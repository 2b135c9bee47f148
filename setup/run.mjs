// @ts-check
/**
 * One command of this project, from a fresh clone: does the set-up that the command needs, then runs it.
 *
 *     node setup/run.mjs COMMAND [arguments of the command]
 *
 * Needs nothing but Node. `package.json` calls it for `npm run demo`, `npm test` and the others. The set-up talks on
 * stderr; stdin, stdout, signals and the exit code are those of the command. What the set-up hands on, and what it
 * reads, stands in `environment.mjs`.
 *
 * One process from npm to the command, so that no signal is lost on the way and nobody is left behind: `exec` in `package.json`
 * puts this process in the place of npm's shell, which passes no signal on, and the command then runs in this very process. Where
 * npm's shell knows no `exec` (cmd.exe), call it as above.
 */
import { pathToFileURL } from 'node:url';
import { endSetupOnSignals, leaveSignalsToTheProgram } from './at-exit.mjs';
import {
  compiled,
  compiledAndBundled,
  javaForTests,
  stryker,
  strykerForTests,
  temporal,
  temporalForTests,
  toxiproxyForTests,
} from './needs.mjs';
import { inProject } from './places.mjs';
import { say, SetupError } from './say.mjs';
import { runFullTests, runTests, runUnitTests } from './test-run.mjs';

const ofTests = [compiledAndBundled, temporalForTests, javaForTests, toxiproxyForTests, strykerForTests];

/** @type {Readonly<Record<string, { needs: readonly (() => Promise<void>)[], run: (args: string[]) => Promise<number | undefined> }>>} */
const COMMANDS = {
  demo: { needs: [compiledAndBundled, temporal], run: program('demo/main.js') },
  test: { needs: ofTests, run: runTests },
  'test:full': { needs: ofTests, run: runFullTests },
  unit: { needs: [compiled], run: runUnitTests },
  build: { needs: [compiledAndBundled], run: async () => 0 },
  worker: { needs: [compiledAndBundled], run: program('worker/main.js') },
  simulator: { needs: [compiled], run: program('simulator/main.js') },
  cli: { needs: [compiled], run: program('client/main.js') },
  assumptions: { needs: [compiled], run: program('assumptions/main.js') },
  'call-deadline': { needs: [compiled, toxiproxyForTests], run: program('bench/call-deadline.js') },
  fuzz: { needs: [compiled, javaForTests], run: program('test/hostile/fuzz-nightly.js') },
  model: { needs: [compiled], run: program('test/model/check.js') },
  stryker: { needs: [compiled, stryker], run: program('test/stryker/main.js') },
  'code-tables': { needs: [compiled], run: program('test/docs/write-code-tables.js') },
  histories: { needs: [compiledAndBundled, temporal], run: program('test/replay/record.js') },
};

endSetupOnSignals();
if (isOfNpm()) await import('./ends-with-parent.mjs');
const exitCode = await main(process.argv.slice(2));
// A program sets its own, perhaps long after its start.
if (exitCode !== undefined) process.exitCode = exitCode;

/** @param {readonly string[]} args */
async function main([name = '', ...rest]) {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    say(`which command? One of: ${Object.keys(COMMANDS).join(', ')}`);
    return 2;
  }
  try {
    refuseOldNode();
    for (const meetNeed of command.needs) await meetNeed();
    return await command.run(rest[0] === '--' ? rest.slice(1) : rest);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    return 1;
  }
}

/**
 * @param {string} path
 * @returns {(args: readonly string[]) => Promise<undefined>}
 */
function program(path) {
  return async (args) => {
    const file = inProject('dist', path);
    process.argv = [process.execPath, file, ...args];
    process.setSourceMapsEnabled(true);
    leaveSignalsToTheProgram();
    await import(pathToFileURL(file).href);
  };
}

/** Started from a shell it must not end with that shell, as after `node setup/run.mjs worker &`. */
function isOfNpm() {
  return process.env.npm_lifecycle_script?.includes('setup/run.mjs') ?? false;
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(`this is Node ${process.versions.node}; Node 20.19 or newer is needed (https://nodejs.org)`);
}
