/** Which merchants file is used, and what is said when there is none or it is wrong. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { type Merchants, readMerchantsFile } from './merchants-file.ts';
import { StartProblem } from './start-problem.ts';

const BY_CONVENTION = 'merchants.json';

/** @throws StartProblem that names every mistake */
export function loadMerchants(named?: string): Merchants {
  const path = resolve(named ?? BY_CONVENTION);
  if (named === undefined && !existsSync(path)) throw new StartProblem('No merchant is configured.', EXAMPLE);
  const file = readMerchantsFile(path);
  switch (file.kind) {
    case 'merchants':
      return file.merchants;
    case 'problems':
      throw new StartProblem(
        `The merchants file ${path} cannot be used:\n${file.problems.map((problem) => `- ${problem}`).join('\n')}`,
        'Mend these lines; a whole example is worker/merchants.example.json.',
      );
  }
}

const EXAMPLE = `Write ${BY_CONVENTION} here, or name another file by RESOLVER_MERCHANTS_FILE
(an example for Alipay's sandbox is worker/merchants.example.json; paths are relative to the file):

  {
    "merchants": {
      "default": {
        "appId": "the APPID of the console",
        "gateway": "sandbox",
        "privateKeyFile": "app-private-key.txt",
        "alipayPublicKeyFile": "alipay-public-key.txt"
      }
    }
  }`;

/** `default (sandbox), shop (production)` */
export function describeMerchants(merchants: Merchants): string {
  const one = merchants.size === 1 ? 'merchant' : 'merchants';
  return `${one} ${[...merchants].map(([name, { environment }]) => `${name} (${environment})`).join(', ')}`;
}
