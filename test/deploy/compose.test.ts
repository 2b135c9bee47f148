/**
 * Goal: docker-compose.yml is a compose file, and everything it refers to is there. Method: as data, because the
 * machines that run the tests need not have a Docker engine. The schema is the one of the Compose Specification
 * (compose-spec/compose-spec, schema/compose-spec.json of 2026-06-23, Apache-2.0), unchanged beside this file.
 */
import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, it } from 'mocha';
import { SHUTDOWN_GRACE_MS } from '../../contract/timeouts.ts';
import { readSettings, settings } from '../../worker/settings.ts';
import { repositoryRoot } from '../repository-root.ts';
import { compose, service, services, text, volumes } from './deployment.ts';
import type { Service } from './deployment.ts';

/** Made by whoever runs the worker; the compose file's own comment says what belongs there. */
const MADE_BY_THE_USER = './merchants';
/** What the server image reads for a PostgreSQL store. Source: config_template_embedded.yaml and loader.go, temporal v1.31.2. */
const READ_BY_THE_SERVER =
  'DB DB_PORT POSTGRES_SEEDS POSTGRES_USER POSTGRES_PWD BIND_ON_IP DYNAMIC_CONFIG_FILE_PATH TEMPORAL_ALLOW_NO_AUTH LOG_LEVEL'.split(
    ' ',
  );

const everyService = Object.entries(services);

describe('docker-compose.yml', () => {
  it('holds to the schema of the Compose Specification', () => {
    const { $schema: _, ...schema } = JSON.parse(text('test/deploy/compose-spec.schema.json')) as Record<
      string,
      unknown
    >;
    const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
    assert.ok(validate(compose), JSON.stringify(validate.errors, undefined, 2));
    assert.ok(!validate({ services: { worker: { immage: 'x' } } }));
  });

  it('names in depends_on and network_mode only services that start with the dependent', () => {
    for (const [name, dependent] of everyService) {
      for (const needed of [...Object.keys(dependent.depends_on ?? {}), ...sharedNetworkOf(dependent)]) {
        const profiles = service(needed).profiles ?? dependent.profiles ?? [];
        assert.deepEqual(profiles, dependent.profiles ?? [], `${name} needs ${needed}`);
      }
    }
  });

  it('waits for jobs to end and for servers to be healthy, in a way that each can meet', () => {
    for (const [name, dependent] of everyService) {
      for (const [needed, { condition }] of Object.entries(dependent.depends_on ?? {})) {
        const { healthcheck, restart } = service(needed);
        const endsByItself = restart?.startsWith('on-failure') ?? false;
        const expected = endsByItself ? 'service_completed_successfully' : 'service_healthy';
        assert.equal(condition, expected, `${name} needs ${needed}`);
        if (!endsByItself) assert.ok(healthcheck, `${needed} has no healthcheck`);
      }
    }
  });

  it('mounts only volumes that it declares, and files that are in the repository', () => {
    const used = new Set<string>();
    for (const [name, { volumes: mounts = [] }] of everyService) {
      for (const mount of mounts) {
        const [source = '', target] = mount.split(':');
        assert.ok(target?.startsWith('/'), `${name}: ${mount}`);
        if (!source.startsWith('.')) used.add(source);
        else if (source !== MADE_BY_THE_USER) assert.ok(existsSync(join(repositoryRoot, source)), `${name}: ${mount}`);
      }
    }
    assert.deepEqual([...used].toSorted(), Object.keys(volumes).toSorted());
  });

  it('runs scripts and reads settings that are in the folders it mounts', () => {
    for (const [name, path] of [
      ['temporal-schema', service('temporal-schema').entrypoint?.at(-1)],
      ['temporal-namespace', service('temporal-namespace').entrypoint?.at(-1)],
      ['simulated-worker', service('simulated-worker').entrypoint?.[1]],
      ['temporal', service('temporal').environment?.['DYNAMIC_CONFIG_FILE_PATH']],
    ] as const) {
      assert.ok(statSync(join(repositoryRoot, onThisSide(service(name), String(path)))).isFile());
    }
  });

  it('names a release of each image, and one release of Temporal', () => {
    const released = everyService.filter(([, { build }]) => build === undefined).map(([, { image }]) => image);
    for (const image of released) assert.match(image, /^[\w/.-]+:\d+(\.\d+){0,2}$/);
    const temporal = released.filter((image) => /^temporalio\/(server|admin-tools):/.test(image));
    assert.equal(new Set(temporal.map((image) => image.split(':')[1])).size, 1);
    assert.equal(service('postgresql').image, 'postgres:16');
  });

  it('opens ports on loopback only, the ones that are listened on', () => {
    const open = everyService.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    assert.deepEqual(open, [
      ['temporal', '127.0.0.1:7233:7233'],
      ['temporal-ui', '127.0.0.1:8080:8080'],
      ['simulator', '127.0.0.1:8089:8089'],
    ]);
    assert.equal(service('temporal').healthcheck?.test.at(-1), '7233');
    for (const [name, { environment }] of everyService) {
      const address = environment?.['TEMPORAL_ADDRESS'];
      if (address !== undefined) assert.equal(address, 'temporal:7233', name);
    }
  });

  it('has one port for the simulator, its health check and its worker', () => {
    const { command = [], healthcheck, ports } = service('simulator');
    const port = command[command.indexOf('--port') + 1] ?? '';
    assert.match(port, /^\d+$/);
    assert.ok(healthcheck?.test.at(-1)?.includes(`connect(${port})`));
    assert.ok(ports?.[0]?.endsWith(`:${port}`));
    assert.equal(service('simulated-worker').entrypoint?.at(-1), `http://127.0.0.1:${port}/gateway.do`);
  });

  it('gives the workers only variables that the worker reads, with values that it takes', () => {
    const read = settings.map(({ name }) => name);
    for (const name of ['worker', 'simulated-worker']) {
      const environment = asStrings(service(name).environment ?? {});
      assert.deepEqual(
        Object.keys(service(name).environment ?? {}).filter((variable) => !read.includes(variable)),
        [],
        name,
      );
      const { healthAddress, merchantsFile } = readSettings(environment);
      const asked = service(name).healthcheck?.test.at(-1) ?? '';
      assert.ok(asked.includes(`http://${healthAddress?.host}:${healthAddress?.port}/readyz`), name);
      const mounts = [
        ...(service(name).volumes ?? []).map((mount) => mount.split(':')[1]),
        ...(service(name).tmpfs ?? []),
      ];
      assert.ok(
        mounts.some((target) => merchantsFile?.startsWith(`${target}/`)),
        name,
      );
    }
  });

  it('hands the proxy for Alipay on to the worker that calls it, and to no other', () => {
    const handedOn = everyService.flatMap(([name, { environment = {} }]) =>
      Object.entries(environment)
        .filter(([, value]) => value === null)
        .map(([variable]) => [name, variable]),
    );
    assert.deepEqual(handedOn, [
      ['worker', 'RESOLVER_PROXY'],
      ['worker', 'NO_PROXY'],
    ]);
  });

  it('lets a worker drain before it is killed', () => {
    for (const name of ['worker', 'simulated-worker']) {
      const [, seconds] = /^(\d+)s$/.exec(service(name).stop_grace_period ?? '') ?? [];
      assert.ok(Number(seconds) * 1_000 > SHUTDOWN_GRACE_MS, name);
    }
  });

  it('gives the server only variables that it reads, and one password to all who need it', () => {
    const { environment = {} } = service('temporal');
    assert.deepEqual(
      Object.keys(environment).filter((name) => !READ_BY_THE_SERVER.includes(name)),
      [],
    );
    const passwords = [
      service('postgresql').environment?.['POSTGRES_PASSWORD'],
      service('temporal-schema').environment?.['SQL_PASSWORD'],
      environment['POSTGRES_PWD'],
    ];
    assert.equal(new Set(passwords).size, 1);
  });

  it('gives each worker a namespace that the job creates', () => {
    const created = String(service('temporal-namespace').environment?.['NAMESPACES']).split(' ');
    const used = ['worker', 'simulated-worker'].map((name) => service(name).environment?.['TEMPORAL_NAMESPACE']);
    assert.deepEqual(used, created);
  });
});

function sharedNetworkOf({ network_mode: mode }: Service): readonly string[] {
  return mode?.startsWith('service:') ? [mode.slice('service:'.length)] : [];
}

/** Null: handed on from whoever starts it, and unset there it is unset here. */
function asStrings(environment: Readonly<Record<string, string | number | null>>): Record<string, string> {
  const given = Object.entries(environment).filter(([, value]) => value !== null);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

/** The path in the repository of a path inside a container. */
function onThisSide({ volumes: mounts = [] }: Service, inside: string): string {
  for (const mount of mounts) {
    const [source = '', target = ''] = mount.split(':');
    if (inside.startsWith(`${target}/`)) return source + inside.slice(target.length);
  }
  throw new Error(`${inside} is in no mounted folder`);
}
