/** Goal: what a document points to is there: links, headings, files named in passing. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import { repositoryRoot } from '../repository-root.ts';
import { type Document, documents } from './documents.ts';

/** The reader makes these. */
const NOT_IN_THE_REPOSITORY = ['merchants/', 'merchants/merchants.json', './merchants/merchants.json'];
const MODULES =
  'activities|alipay|bench|client|contract|demo|deploy|docs|resolution|setup|simulator|test|worker|workflows|.ci';

describe('the documents', () => {
  for (const one of documents) {
    it(`${one.name} links to files and headings that are there`, () => {
      for (const target of one.links) {
        if (/^https?:/.test(target)) continue;
        const [file = '', anchor] = target.split('#');
        const name = file === '' ? one.name : path.posix.join(path.posix.dirname(one.name), file);
        assert.ok(existsSync(path.join(repositoryRoot, name)), target);
        if (anchor !== undefined) assert.ok(anchorsOf(name).includes(anchor), target);
      }
    });

    it(`${one.name} names files that are there`, () => {
      const named = one.inlineCode.filter((code) =>
        new RegExp(`^(?:\\./)?(?:${MODULES}|merchants)/[\\w./-]*$`).test(code),
      );
      for (const file of named) {
        if (!NOT_IN_THE_REPOSITORY.includes(file)) assert.ok(existsSync(path.join(repositoryRoot, file)), file);
      }
    });
  }

  it('say nothing of the machine they were written on, and leave nothing to be written', () => {
    for (const { name, text } of documents) assert.doesNotMatch(text, /\/(?:work|tmp|root|home)\/|TODO|TBD/, name);
  });

  it('are each reached from the README', () => {
    const reached = new Set<string>(['README.md']);
    for (const name of reached) {
      for (const target of documentOf(name)?.links ?? []) {
        const [file = ''] = target.split('#');
        if (file.endsWith('.md')) reached.add(path.posix.join(path.posix.dirname(name), file));
      }
    }
    assert.deepEqual(
      documents.map(({ name }) => name).filter((name) => !reached.has(name)),
      [],
    );
  });
});

function documentOf(name: string): Document | undefined {
  return documents.find((one) => one.name === name);
}

/** As the hosts of repositories make them: lower case, no punctuation, spaces to hyphens. */
function anchorsOf(name: string): readonly string[] {
  return (documentOf(name)?.headings ?? []).map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
