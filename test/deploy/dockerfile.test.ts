/** Goal: the image can be built from what is in the repository and holds nothing else. Method: the Dockerfile as data. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { repositoryRoot } from '../repository-root.ts';
import { service, text } from './deployment.ts';

type Instruction = { readonly name: string; readonly rest: string };

/** Modules that are compiled on a developer's machine but are no part of the image. */
const NOT_IN_THE_IMAGE = ['assumptions', 'bench', 'demo', 'test'];

const instructions = parseDockerfile(text('Dockerfile'));
const all = (name: string): readonly string[] =>
  instructions.filter((one) => one.name === name).map(({ rest }) => rest);
const copiedFromHere = all('COPY')
  .filter((rest) => !rest.startsWith('--from='))
  .map((rest) => rest.split(' ').slice(0, -1));

describe('the Dockerfile', () => {
  it('copies only what exists and what .dockerignore lets in', () => {
    const [first, ...letIn] = text('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    assert.equal(first, '*');
    for (const source of copiedFromHere.flat()) {
      assert.ok(existsSync(join(repositoryRoot, source)), source);
      assert.ok(letIn.includes(`!${source}`), source);
    }
    assert.equal(copiedFromHere.flat().length, letIn.length);
  });

  it('copies every module that is compiled, but for the demo, the experiments, the benchmarks and the tests', () => {
    const { include } = JSON.parse(text('tsconfig.json')) as { readonly include: readonly string[] };
    const modules = include.filter((module) => !NOT_IN_THE_IMAGE.includes(module));
    const copied = copiedFromHere.flat().filter((source) => include.includes(source));
    assert.deepEqual(copied.toSorted(), modules.toSorted());
  });

  it('copies between stages only what is made there', () => {
    const between = all('COPY').filter((rest) => rest.startsWith('--from='));
    const sources = between.map((rest) => rest.split(' ').slice(0, 2));
    assert.deepEqual(sources, [
      ['--from=build', '/app/package.json'],
      ['--from=build', '/app/node_modules'],
      ['--from=build', '/app/dist'],
    ]);
  });

  it('builds and runs on one base image, with glibc and a Node that the project takes', () => {
    const images = all('FROM').map((rest) => rest.split(' ')[0]);
    assert.equal(images.length, 2);
    assert.equal(new Set(images).size, 1);
    assert.match(String(images[0]), /^node:(22|24)-(bookworm|trixie)-slim$/);
  });

  it('runs as a user that is not with root certificates and without build tools', () => {
    const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
    const users = lastStage.filter(({ name }) => name === 'USER').map(({ rest }) => rest);
    assert.deepEqual(users, ['node']);
    const installed = lastStage.find(({ rest }) => rest.includes('apt-get install'))?.rest ?? '';
    assert.match(installed, /install --yes --no-install-recommends ca-certificates\s+&&/);
  });

  it('starts programs that the sources have', () => {
    const byDefault = JSON.parse(all('CMD')[0] ?? '') as readonly string[];
    const commands = [byDefault, service('simulator').command ?? [], service('simulated-worker').command ?? []];
    for (const command of commands) {
      const program = command.find((argument) => argument.endsWith('.js'));
      assert.match(String(program), /^dist\//);
      assert.ok(existsSync(join(repositoryRoot, String(program).replace(/^dist\/(.*)\.js$/, '$1.ts'))), program);
    }
  });
});

function parseDockerfile(dockerfile: string): readonly Instruction[] {
  const lines = dockerfile.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  const joined = lines.join('\n').replaceAll('\\\n', ' ').split('\n');
  return joined
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...rest] = line.trim().split(/\s+/);
      return { name, rest: rest.join(' ') };
    });
}
