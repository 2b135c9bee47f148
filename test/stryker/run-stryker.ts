/** Runs Stryker over one part of the code, in `.cache/stryker/`, and reads what became of each mutant. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { repositoryRoot } from '../repository-root.ts';
import type { Mutant } from './judgment.ts';
import { COPIED, type Part } from './scope.ts';

const HOME = path.join('.cache', 'stryker');
const STRYKER = path.join(repositoryRoot, HOME, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
const TSC = path.join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc');
const PROSE = fileURLToPath(new URL('prose.js', import.meta.url));
/** Ends Stryker with this process, however that ends, and passes its output to stderr. */
const GUARD = path.join(repositoryRoot, 'setup', 'child-guard.mjs');
const SAID_CHARACTERS_MAX = 5_000;
const RUN_MS_MAX = 30 * 60_000;
const THREADS_MAX = 8;

/** The set-up installs it for the tests and `npm run stryker`. */
export function hasStryker(): boolean {
  return existsSync(STRYKER);
}

/** @throws Error with what Stryker said when it could not do its work. */
export async function mutantsOf(part: Part): Promise<readonly Mutant[]> {
  const { name } = part;
  const report = path.join(HOME, `${name}.json`);
  const settings = path.join(repositoryRoot, HOME, `${name}.config.json`);
  mkdirSync(path.dirname(settings), { recursive: true });
  rmSync(path.join(repositoryRoot, report), { force: true });
  writeFileSync(settings, JSON.stringify(settingsOf(part, name, report), undefined, 2));
  try {
    await promisify(execFile)(process.execPath, [GUARD, process.execPath, STRYKER, 'run', settings], {
      cwd: repositoryRoot,
      timeout: RUN_MS_MAX,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const { stderr = '' } = error as { readonly stderr?: string };
    throw new Error(`Stryker failed over ${part.mutate.join(', ')}:\n${stderr.slice(-SAID_CHARACTERS_MAX)}`);
  }
  return readReport(path.join(repositoryRoot, report));
}

function settingsOf(part: Part, name: string, report: string): object {
  // Types are not checked: mutated source has none that assertInvariant, and without its tests the compiler would be the judge.
  const compile = `${word(process.execPath)} ${word(TSC)} --noCheck --declaration false --isolatedDeclarations false --outDir dist`;
  return {
    testRunner: 'mocha',
    plugins: ['@stryker-mutator/mocha-runner', PROSE],
    ignorers: ['prose'],
    mochaOptions: {
      'no-config': true,
      'no-package': true,
      spec: part.tests.map((test) => `dist/test/${test}.test.js`),
    },
    mutate: part.mutate,
    ignorePatterns: ['**', ...COPIED.map((pattern) => `!${pattern}`)],
    // A step above the copies stands the mocha that Stryker can load; further up, the project's own packages.
    tempDirName: path.join(HOME, `copies-${name}`),
    symlinkNodeModules: false,
    buildCommand: compile,
    // It would read the project's with TypeScript's API, which TypeScript 7 does not have.
    tsconfigFile: 'none.json',
    coverageAnalysis: 'perTest',
    concurrency: Math.min(THREADS_MAX, availableParallelism()),
    // A busy machine must not look like a mutant that never ends.
    timeoutMS: 20_000,
    cleanTempDir: 'always',
    reporters: ['json'],
    jsonReporter: { fileName: report },
    allowConsoleColors: false,
  };
}

/** Stryker splits its command at blanks and knows no quotes. */
function word(text: string): string {
  return text.replaceAll(' ', '\\ ');
}

interface Report {
  readonly files: {
    readonly [file: string]: {
      readonly source: string;
      readonly mutants: readonly {
        readonly mutatorName: string;
        readonly replacement?: string;
        readonly status: Mutant['status'];
        readonly statusReason?: string;
        readonly location: { readonly start: Place; readonly end: Place };
      }[];
    };
  };
}
/** Both count from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

function readReport(file: string): readonly Mutant[] {
  const { files } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  return Object.entries(files).flatMap(([name, { source, mutants }]) => {
    const lines = source.split('\n');
    return mutants.map(({ mutatorName, replacement = '', status, statusReason, location: { start, end } }) => ({
      file: name,
      line: start.line,
      within: (lines[start.line - 1] ?? '').trim(),
      original: oneLine(between(lines, start, end)),
      replacement: oneLine(replacement),
      mutator: mutatorName,
      status,
      ...(status === 'Ignored' && statusReason !== undefined && { ignoredAs: statusReason }),
    }));
  });
}

function between(lines: readonly string[], start: Place, end: Place): string {
  const taken = lines.slice(start.line - 1, end.line);
  const last = (taken.at(-1) ?? '').slice(0, end.column - 1);
  return [...taken.slice(0, -1), last].join('\n').slice(start.column - 1);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
