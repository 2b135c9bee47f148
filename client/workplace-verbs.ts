/**
 * The verbs that belong to the place where workers run, and so use what the workers use: this is the only file of the client
 * that reaches into `worker/`. Loaded only when one of them is typed.
 */
import process from 'node:process';

import { alipayKeyOf } from '../alipay/verification.ts';
import { examine, type Finding } from '../worker/doctor.ts';
import { loadMerchants } from '../worker/load-merchants.ts';
import { checkSearchAttributes, registerSearchAttributes } from '../worker/search-attributes.ts';
import { connect } from './connection.ts';
import type { NotifiedMerchant } from './notified-merchants.ts';
import { type Serving, serveNotifications } from './serve-notifications.ts';
import { ExitCode, type VerbOutput, UsageError } from './verb.ts';

export async function setup(): Promise<VerbOutput> {
  const { client, namespace } = await connect();
  try {
    const registered = await registerSearchAttributes(client.connection, namespace);
    const check = await checkSearchAttributes(client.connection, namespace);
    const json = { namespace, registered, state: check.kind };
    switch (check.kind) {
      case 'registered': {
        const human =
          registered.length === 0
            ? 'all search attributes were registered before'
            : `registered ${registered.join(', ')}`;
        return { json, human: `namespace ${namespace}: ${human}` };
      }
      case 'unknown':
        return { json, human: check.reason, exitCode: ExitCode.refused };
      case 'missing':
      case 'wrongType':
        return { json, human: `${check.names.join(', ')}: ${check.remedy}`, exitCode: ExitCode.refused };
    }
  } finally {
    await client.connection.close();
  }
}

export async function doctor(merchantsFile: string | undefined): Promise<VerbOutput> {
  refuseNoFile(merchantsFile);
  const environment =
    merchantsFile === undefined ? process.env : { ...process.env, RESOLVER_MERCHANTS_FILE: merchantsFile };
  const findings: Finding[] = [];
  for await (const finding of examine(environment)) findings.push(finding);
  const failed = findings.filter(({ result }) => result === 'failed').length;
  const verdict = failed === 0 ? 'all is well enough to start' : `${failed} of ${findings.length} checks failed`;
  return {
    json: { findings, failed },
    human: [...findings.map(findingText), verdict].join('\n'),
    exitCode: failed === 0 ? ExitCode.done : ExitCode.refused,
  };
}

function refuseNoFile(merchantsFile: string | undefined): void {
  if (merchantsFile === '') throw new UsageError('--merchants-file must name a file.');
}

/** The merchants are those of the merchants file, read once: after a change of keys it is started again, as workers are. */
export async function receiveNotifications(
  merchantsFile: string | undefined,
  where: Omit<Serving, 'merchants'>,
): Promise<VerbOutput> {
  refuseNoFile(merchantsFile);
  const named = merchantsFile ?? process.env['RESOLVER_MERCHANTS_FILE'];
  const merchants = [...loadMerchants(named || undefined)].map(
    ([name, { appId, sellerId, keys }]): readonly [string, NotifiedMerchant] => [
      name,
      { appId, alipayPublicKey: alipayKeyOf(keys), ...(sellerId === undefined ? {} : { sellerId }) },
    ],
  );
  return await serveNotifications({ ...where, merchants: new Map(merchants) });
}

const MARKS: { readonly [R in Finding['result']]: string } = { ok: 'ok     ', warning: 'WARNING', failed: 'FAILED ' };

function findingText({ check, merchant, result, detail, remedy }: Finding): string {
  const whose = merchant === undefined ? '' : ` of ${merchant}`;
  const line = `${MARKS[result]} ${check}${whose}: ${detail.replaceAll('\n', '\n          ')}`;
  return remedy === undefined ? line : `${line}\n        → ${remedy}`;
}
