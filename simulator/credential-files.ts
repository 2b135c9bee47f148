/** The credentials as files in one folder: made afresh when there are none, reused when all are there. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Credentials, createCredentials } from './credentials.ts';

const OWNER_ONLY = 0o600;
const READABLE = 0o644;

export const CREDENTIAL_FILES: Readonly<Record<keyof Credentials, { readonly name: string; readonly mode: number }>> = {
  appId: { name: 'app-id.txt', mode: READABLE },
  appPrivateKey: { name: 'app-private-key.txt', mode: OWNER_ONLY },
  alipayPublicKey: { name: 'alipay-public-key.txt', mode: READABLE },
  alipayPrivateKey: { name: 'alipay-private-key.txt', mode: OWNER_ONLY },
  appCertificate: { name: 'app-cert.crt', mode: READABLE },
  alipayCertificate: { name: 'alipay-cert.crt', mode: READABLE },
  alipayRootCertificate: { name: 'alipay-root-cert.crt', mode: READABLE },
};

const FIELDS = Object.keys(CREDENTIAL_FILES) as readonly (keyof Credentials)[];

/** @throws when some of the files are there and some are not. */
export async function openCredentials(folder: string): Promise<Credentials> {
  const missing = FIELDS.map((field) => CREDENTIAL_FILES[field].name).filter((name) => !existsSync(join(folder, name)));
  if (missing.length === FIELDS.length) return writeCredentials(folder, await createCredentials());
  if (missing.length > 0) {
    throw new Error(
      `${folder} lacks ${missing.join(', ')}: restore them, or remove the other credential files to get a fresh set`,
    );
  }
  return readCredentials(folder);
}

async function writeCredentials(folder: string, credentials: Credentials): Promise<Credentials> {
  await mkdir(folder, { recursive: true });
  for (const field of FIELDS) {
    const { name, mode } = CREDENTIAL_FILES[field];
    await writeFile(join(folder, name), credentials[field], { mode, flag: 'wx' });
  }
  return credentials;
}

async function readCredentials(folder: string): Promise<Credentials> {
  const read = async (field: keyof Credentials): Promise<string> =>
    readFile(join(folder, CREDENTIAL_FILES[field].name), 'utf8');
  return {
    appId: (await read('appId')).trim(),
    appPrivateKey: (await read('appPrivateKey')).trim(),
    alipayPublicKey: (await read('alipayPublicKey')).trim(),
    alipayPrivateKey: (await read('alipayPrivateKey')).trim(),
    appCertificate: await read('appCertificate'),
    alipayCertificate: await read('alipayCertificate'),
    alipayRootCertificate: await read('alipayRootCertificate'),
  };
}
