/** The deployment files as data, read once for the tests of this folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from '../repository-root.ts';

/** What these tests look at in a service of a compose file, in the forms that ours uses. */
export type Service = {
  readonly image: string;
  readonly build?: string;
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number | null>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly network_mode?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly restart?: string;
  readonly tmpfs?: readonly string[];
  readonly stop_grace_period?: string;
};

export function text(path: string): string {
  return readFileSync(join(repositoryRoot, path), 'utf8');
}

/** The whole compose file; `<<` merges are resolved, `${VARIABLES}` are not. */
export const compose: unknown = parse(text('docker-compose.yml'), { merge: true });

const { services: readServices, volumes: readVolumes } = compose as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
export const services: Readonly<Record<string, Service>> = readServices;
export const volumes: Readonly<Record<string, unknown>> = readVolumes;

export function service(name: string): Service {
  const found = services[name];
  if (!found) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}
