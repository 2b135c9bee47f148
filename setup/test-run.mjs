/** The test suite under mocha, and what a run of it is worth: the closing line and the exit code. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { atExit } from './at-exit.mjs';
import { closingLine } from './closing-line.mjs';
import { Handed, underCi } from './environment.mjs';
import { inProject } from './places.mjs';
import { runProgram } from './run-child.mjs';
import { say } from './say.mjs';

const FAST_MODULES = ['contract', 'resolution', 'architecture'];

/** Every test, or those in the test files (`test/**.test.ts`) named among the arguments. */
export function runAllTests(args) {
  return runMocha(['dist/test/**/*.test.js'], args);
}

/** The tests that need no server, no network and no Java. */
export function runFastTests(args) {
  const modules = FAST_MODULES.filter((module) => existsSync(inProject('dist', 'test', module)));
  return runMocha(
    modules.map((module) => `dist/test/${module}/**/*.test.js`),
    args,
  );
}

async function runMocha(allFiles, args) {
  const named = args.filter((argument) => /\.test\.[jt]s$/.test(argument)).map(compiledTest);
  const options = args.filter((argument) => !/\.test\.[jt]s$/.test(argument));
  const folder = mkdtempSync(join(tmpdir(), 'test-counts-'));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  const countsFile = join(folder, 'counts.json');
  const mocha = inProject('node_modules', 'mocha', 'bin', 'mocha.js');
  // An option of Node in .mocharc.json would make mocha start itself anew, as a child that no signal reaches.
  const command = ['--enable-source-maps', mocha, ...options, ...(named.length > 0 ? named : allFiles)];
  const exitCode = await runProgram(command, {
    cwd: inProject(),
    // All that the tests connect to is on this machine; the Temporal SDK's client would go there through http_proxy.
    env: { ...process.env, no_grpc_proxy: 'localhost,127.0.0.1', [Handed.testCounts]: countsFile },
  });
  if (!existsSync(countsFile)) {
    say('mocha ended before the tests did');
    return exitCode || 1;
  }
  const counts = JSON.parse(readFileSync(countsFile, 'utf8'));
  const objection = objectionTo(counts, exitCode);
  if (objection) say(objection);
  process.stdout.write(`${closingLine(counts)}\n`);
  return objection ? exitCode || 1 : 0;
}

/** Why a run with these counts is not a success; undefined when it is one. */
export function objectionTo({ passed, failed, skipped }, exitCode) {
  if (failed > 0) return 'tests failed';
  if (passed === 0) return 'no test ran';
  if (skipped > 0 && underCi) return 'tests were skipped, which is an error under CI=true';
  if (exitCode !== 0) return `mocha ended with exit code ${exitCode}`;
  return undefined;
}

function compiledTest(path) {
  const source = isAbsolute(path) ? path : resolve(process.env.INIT_CWD ?? process.cwd(), path);
  const inside = relative(inProject(), source).replace(/\.ts$/, '.js');
  return inside.startsWith('dist') ? inside : join('dist', inside);
}
