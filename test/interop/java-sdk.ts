/**
 * The official Java SDK as an oracle: its jars, handed over as a folder by RESOLVER_ALIPAY_JAVA_SDK, and the programs in `java/`.
 *
 * Where the jars or a JDK are missing, tests that need them skip and say why; under CI=true that is an error, because a suite that
 * skips its oracles there proves nothing.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Bound on one Java program, in ms. Measured: 0.5 to 2 s each; the rest is for a loaded machine. */
const PROGRAM_DEADLINE_MS = 40_000;

export interface JavaRun {
  /** A class in `java/`. */
  readonly program: 'SeedExample' | 'SeedExampleInModes' | 'SdkCalls' | 'SdkQuestions';
  /** System properties, name to value. */
  readonly properties?: Readonly<Record<string, string>>;
  readonly inputLines?: readonly string[];
}

export interface JavaSdk {
  /** Runs one program. Resolves with the lines it printed; @throws Error with its error output when it exits other than 0. */
  run(what: JavaRun): Promise<readonly string[]>;
  /** Runs a program from its source file, as a reader of the file would by hand. */
  runSource(what: JavaRun): Promise<readonly string[]>;
}

/** What `before` needs of mocha's context. */
interface Skippable {
  skip(): never;
}

/** The oracle, compiled once a process. Skips the caller's suite where it cannot be had. @throws Error instead when CI=true. */
export async function javaSdkOrSkip(context: Skippable): Promise<JavaSdk> {
  oracle ??= prepare();
  const prepared = await oracle;
  if (typeof prepared !== 'string') return prepared;
  if (process.env['CI'] === 'true') throw new Error(prepared);
  process.stdout.write(`    skipped: ${prepared}\n`);
  return context.skip();
}

let oracle: Promise<JavaSdk | string> | undefined;

/** @returns the oracle, or why there is none and what to do. */
async function prepare(): Promise<JavaSdk | string> {
  const jars = process.env['RESOLVER_ALIPAY_JAVA_SDK'];
  if (jars === undefined || jars === '') {
    return 'RESOLVER_ALIPAY_JAVA_SDK is not set. Set it to a folder with the jars of com.alipay.sdk:alipay-sdk-java and its dependencies; `npm test` does so by itself.';
  }
  if (!existsSync(jars) || !readdirSync(jars).some((file) => file.startsWith('alipay-sdk-java-'))) {
    return `RESOLVER_ALIPAY_JAVA_SDK names ${jars}, where there is no alipay-sdk-java-*.jar.`;
  }
  const classes = mkdtempSync(join(tmpdir(), 'alipay-java-sdk-'));
  process.once('exit', () => rmSync(classes, { recursive: true, force: true }));
  const sources = readdirSync(javaFolder()).map((file) => join(javaFolder(), file));
  try {
    await promisify(execFile)('javac', ['-encoding', 'UTF-8', '-cp', join(jars, '*'), '-d', classes, ...sources], {
      timeout: PROGRAM_DEADLINE_MS,
    });
  } catch (error) {
    if (!isMissingCommand(error)) throw error;
    return 'There is no javac on PATH. Install a JDK, version 11 or newer (Debian: apt-get install openjdk-17-jdk-headless).';
  }
  return {
    run: (what) => runJava(['-cp', `${classes}:${join(jars, '*')}`, ...properties(what), what.program], what),
    runSource: (what) =>
      runJava(['-cp', join(jars, '*'), ...properties(what), join(javaFolder(), `${what.program}.java`)], what),
  };
}

/**
 * The SDK hashes names of certificates in the platform's charset, which is UTF-8 by itself only since Java 18; and sources are read in it too.
 */
function properties(what: JavaRun): string[] {
  return [
    '-Dfile.encoding=UTF-8',
    ...Object.entries(what.properties ?? {}).map(([name, value]) => `-D${name}=${value}`),
  ];
}

function runJava(parameters: readonly string[], what: JavaRun): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const java = spawn('java', parameters, { timeout: PROGRAM_DEADLINE_MS, stdio: 'pipe' });
    let output = '';
    let errors = '';
    java.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    java.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
    java.once('error', reject);
    java.once('close', (exitCode) => {
      if (exitCode === 0) resolve(output.split('\n').slice(0, -1));
      else reject(new Error(`${what.program} ended with ${String(exitCode)}:\n${errors.slice(0, 4_000)}`));
    });
    // A program that dies early closes its input first; its exit code tells the story better than EPIPE.
    java.stdin.once('error', () => undefined);
    java.stdin.end((what.inputLines ?? []).map((line) => `${line}\n`).join(''));
  });
}

function isMissingCommand(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** `test/interop/java` in the source tree: compiling leaves it where it is. */
function javaFolder(): string {
  return join(packageFolder(), 'test', 'interop', 'java');
}

/** The folder that holds package.json, from wherever this file was compiled to. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
