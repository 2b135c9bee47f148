/** The deployment files as data, read once for the tests of this folder. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** What these tests look at in a service of a compose file, in the forms that ours uses. */
export type Service = {
  readonly image: string;
  readonly build?: string;
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
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

export const root: string = projectRoot();

export function text(path: string): string {
  return readFileSync(join(root, path), 'utf8');
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

function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
