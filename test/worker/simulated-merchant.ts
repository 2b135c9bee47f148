/** A merchants file whose one merchant, "default", is the app that a simulator knows. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { Credentials } from '../../simulator/credentials.ts';
import type { Simulator } from '../../simulator/simulator.ts';

/** Writes `merchants.json` and the key files into `folder`, and gives the path of the former. `changes` are made to its entry; undefined leaves a field out. */
export function writeMerchantsFile(
  folder: string,
  { gatewayUrl, credentials }: Pick<Simulator, 'gatewayUrl' | 'credentials'>,
  changes: Readonly<Record<string, string | undefined>> = {},
): string {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, field: keyof Credentials): void =>
    writeFileSync(path.join(folder, name), credentials[field], { mode: 0o600 });
  write('app-private-key.txt', 'appPrivateKey');
  write('alipay-public-key.txt', 'alipayPublicKey');
  write('app.crt', 'appCertificate');
  write('alipay.crt', 'alipayCertificate');
  write('root.crt', 'alipayRootCertificate');
  const file = path.join(folder, 'merchants.json');
  const merchant = {
    appId: credentials.appId,
    gateway: gatewayUrl,
    privateKeyFile: 'app-private-key.txt',
    alipayPublicKeyFile: 'alipay-public-key.txt',
    ...changes,
  };
  writeFileSync(file, JSON.stringify({ merchants: { default: merchant } }));
  return file;
}
