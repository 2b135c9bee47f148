/**
 * Goal: what a document shows in a programming language is code. Method: TypeScript is compiled against this repository; of the
 * other languages the syntax is checked by their own tools, where the machine has them: types are not, which would need
 * each language's Temporal SDK. All of them must name the same workflow as `contract/names.ts`.
 *
 * | Language   | Checked by                                     |
 * | ---------- | ---------------------------------------------- |
 * | TypeScript | the compiler, types and all                    |
 * | Go         | gofmt, which parses it and finds it formatted  |
 * | Java       | the parser of the JDK's own compiler           |
 * | Python     | py_compile                                     |
 * | PHP        | php -l                                         |
 * | .NET       | nothing here: see that the names are right     |
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import { TASK_QUEUE, WORKFLOW_TYPE } from '../../contract/names.ts';
import { repositoryRoot } from '../repository-root.ts';
import { type Block, document, documents } from './documents.ts';

const COMPILE_MS_MAX = 120_000;

/** Parses only: without the SDK's jars nothing more can be asked of the compiler. */
const JAVA_PARSER = `
import com.sun.source.util.JavacTask;
import java.nio.file.Path;
import java.util.List;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

public class ParseOnly {
  public static void main(String[] args) throws Exception {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var said = new DiagnosticCollector<JavaFileObject>();
    var files = compiler.getStandardFileManager(said, null, null).getJavaFileObjects(Path.of(args[0]));
    ((JavacTask) compiler.getTask(null, null, said, List.of(), null, files)).parse();
    said.getDiagnostics().forEach(System.err::println);
    System.exit(said.getDiagnostics().isEmpty() ? 0 : 1);
  }
}
`;

interface Check {
  readonly language: string;
  readonly file: string;
  /** Asked whether the machine has the tool. */
  readonly tool: readonly [program: string, ...args: readonly string[]];
  readonly command: (file: string, folder: string) => readonly [program: string, ...args: readonly string[]];
  /** On a machine for CI it must be there. */
  readonly expectedInCi: boolean;
}

const CHECKS: readonly Check[] = [
  {
    language: 'go',
    file: 'main.go',
    tool: ['gofmt', '-h'],
    command: (file) => ['gofmt', '-e', '-d', file],
    expectedInCi: false,
  },
  {
    language: 'java',
    file: 'StartResolution.java',
    tool: ['javac', '-version'],
    command: (file, folder) => ['java', path.join(folder, 'ParseOnly.java'), file],
    expectedInCi: true,
  },
  {
    language: 'python',
    file: 'start_resolution.py',
    tool: ['python3', '--version'],
    command: (file) => ['python3', '-m', 'py_compile', file],
    expectedInCi: false,
  },
  {
    language: 'php',
    file: 'start-resolution.php',
    tool: ['php', '--version'],
    command: (file) => ['php', '-l', file],
    expectedInCi: false,
  },
];

const blocksOf = (language: string): readonly Block[] =>
  document('docs/contract.md').blocks.filter((block) => block.language === language);

describe('code in the documents', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'snippets-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('in TypeScript compiles, as it would in the root of the repository', function () {
    this.timeout(COMPILE_MS_MAX);
    // Inside of the repository, so that packages resolve; a name that git and the compiler's own run pass over.
    const inside = mkdtempSync(path.join(repositoryRoot, 'dist-snippets-'));
    try {
      const written = writeTypeScript(inside);
      assert.ok(written >= 3, String(written));
      const { status, stdout } = compile(inside);
      assert.equal(status, 0, stdout);
      writeFileSync(path.join(inside, 'wrong.ts'), "import { nothing } from '../client/errors.ts';\nnothing();\n");
      assert.notEqual(compile(inside).status, 0, 'the check passes anything');
    } finally {
      rmSync(inside, { recursive: true, force: true });
    }
  });

  for (const check of CHECKS) {
    it(`in ${check.language} is well formed`, function () {
      this.timeout(COMPILE_MS_MAX);
      const [program, ...args] = check.tool;
      if (spawnSync(program, args).error !== undefined) {
        assert.ok(!(check.expectedInCi && process.env['CI'] === 'true'), `${program} is needed`);
        process.stdout.write(`      not checked: there is no ${program} on this machine\n`);
        return;
      }
      const [block] = blocksOf(check.language);
      assert.ok(block);
      assert.deepEqual(verdict(check, block.text), { status: 0, changes: '' });
      assert.notDeepEqual(verdict(check, block.text.replace('(', '((')), { status: 0, changes: '' });
    });
  }

  for (const language of [...CHECKS.map((check) => check.language), 'csharp']) {
    it(`in ${language} starts this very workflow, once a trade`, () => {
      const [{ text } = { text: '' }, ...others] = blocksOf(language);
      assert.equal(others.length, 0);
      for (const name of [WORKFLOW_TYPE, TASK_QUEUE, 'outTradeNo', 'totalAmount']) assert.ok(text.includes(name), name);
      assert.match(text, /REJECT_DUPLICATE|RejectDuplicate/);
      assert.match(text, /USE_EXISTING|UseExisting/);
      // Only after a wrong input: `test/interop/temporal-java-sdk.test.ts` runs the Java.
      assert.match(text, /InvalidInput[^]*(?:ALLOW_DUPLICATE_FAILED_ONLY|AllowDuplicateFailedOnly)/);
      const [, id = ''] = /"?outTradeNo"?\W{1,6}"?([\w-]+)"?/.exec(text) ?? [];
      assert.ok(text.includes(`alipay:default:${id}`), id);
    });
  }

  function verdict(check: Check, text: string): { readonly status: number | null; readonly changes: string } {
    const file = path.join(folder, check.file);
    writeFileSync(file, text);
    writeFileSync(path.join(folder, 'ParseOnly.java'), JAVA_PARSER);
    const [program, ...args] = check.command(file, folder);
    const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
    // gofmt says what it would change.
    return { status, changes: check.language === 'go' ? stdout : '' };
  }
});

function writeTypeScript(inside: string): number {
  // The simulator's README shows lines out of a test; its own test holds them.
  const snippets = documents
    .filter(({ name }) => name !== 'simulator/README.md')
    .flatMap(({ blocks }) => blocks.filter(({ language }) => language === 'ts'));
  snippets.forEach(({ text }, at) => {
    writeFileSync(path.join(inside, `snippet-${at}.ts`), text.replaceAll("from './", "from '../"));
  });
  const options = { noEmit: true, noUnusedLocals: false, rootDir: '..' };
  writeFileSync(
    path.join(inside, 'tsconfig.json'),
    JSON.stringify({ extends: '../tsconfig.json', compilerOptions: options, include: ['*.ts'], exclude: [] }),
  );
  return snippets.length;
}

function compile(inside: string): { readonly status: number | null; readonly stdout: string } {
  const tsc = path.join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  return spawnSync(process.execPath, [tsc, '--project', path.join(inside, 'tsconfig.json')], { encoding: 'utf8' });
}
