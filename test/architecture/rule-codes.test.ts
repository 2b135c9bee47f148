/** A rule has one code, a letter and a number, which stands once before its sentence; whatever cites it cites one that is there. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import { repositoryRoot } from '../repository-root.ts';

const MODULES = [
  'contract',
  'resolution',
  'workflows',
  'activities',
  'alipay',
  'client',
  'worker',
  'simulator',
] as const;
/** ` * D1 A cancel follows …` */
const DEFINITION = /^ \* ([A-Z]\d+) \S/gm;
/** In a comment or in the sentence of a broken invariant; not inside a longer name or an escape. */
const CITATION = /(?<![\w%\\'-])([A-Z]\d{1,2})(?![\w'-])/g;
/** `notification-signature.ts`: two rules of Alipay's own, V1 and V2. */
const NO_CODES = new Set(['V1', 'V2']);

const files = MODULES.flatMap((module) =>
  readdirSync(path.join(repositoryRoot, module))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({
      name: `${module}/${name}`,
      text: readFileSync(path.join(repositoryRoot, module, name), 'utf8'),
    })),
);
const commentsOf = (text: string): string =>
  [...text.matchAll(/\/\*\*[^]*?\*\/|\/\/[^\n]*/g)].map(([comment]) => comment).join('\n');
const definitions = files.flatMap(({ name, text }) =>
  [...text.matchAll(DEFINITION)].map(([, code = '']) => ({ code, name })),
);
const assumptions = new Set(
  [...readFileSync(path.join(repositoryRoot, 'docs', 'correctness.md'), 'utf8').matchAll(/^\| (A\d+) \|/gm)].map(
    ([, code = '']) => code,
  ),
);

describe('The code of a rule', () => {
  it('is given once', () => {
    assert.ok(definitions.length > 20, 'the test reads the files wrongly');
    for (const { code, name } of definitions) {
      const others = definitions.filter((other) => other.code === code && other.name !== name);
      assert.deepEqual(others, [], `${code} of ${name}`);
    }
    assert.equal(new Set(definitions.map(({ code }) => code)).size, definitions.length);
  });
  it('that a comment cites is there; one of an assumption, in docs/correctness.md', () => {
    const known = new Set([...definitions.map(({ code }) => code), ...assumptions, ...NO_CODES]);
    const unknown = files.flatMap(({ name, text }) =>
      [...commentsOf(text).matchAll(CITATION)].flatMap(([, code = '']) =>
        known.has(code) ? [] : [`${code} in ${name}`],
      ),
    );
    assert.deepEqual(unknown, []);
  });
});
