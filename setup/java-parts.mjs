// @ts-check
/** What the tests use of Java: Temporal's test server, which can skip time, its SDK, and Alipay's official SDK as an oracle. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { Handed } from './environment.mjs';
import { ensureMavenArtifacts } from './maven.mjs';
import { inCache } from './places.mjs';

const TEST_SERVER = { groupId: 'io.temporal', artifactId: 'temporal-test-server', version: '1.38.0' };
const ALIPAY_SDK = { groupId: 'com.alipay.sdk', artifactId: 'alipay-sdk-java', version: '4.40.734.ALL' };

/**
 * A script that starts the test server with the port as its one argument, as the SDK's `existing-path` calls it.
 * `exec`, so that ending the script ends the server; the JVM flags shorten its start.
 */
export async function ensureTestServer() {
  const named = process.env[Handed.testServer];
  if (named) return named;
  const jars = await ensureMavenArtifacts({ ...TEST_SERVER, into: jarFolder(TEST_SERVER) });
  const script = inCache(`temporal-test-server-${TEST_SERVER.version}`, 'temporal-test-server');
  if (existsSync(script)) return script;
  mkdirSync(dirname(script), { recursive: true });
  const text = `#!/bin/sh
exec java -XX:TieredStopAtLevel=1 -Xshare:auto -cp "$(dirname "$0")/${relative(dirname(script), jars)}/*" io.temporal.testserver.TestServer "$@"
`;
  // Written beside and renamed: another process never sees half a script.
  writeFileSync(`${script}.${process.pid}`, text, { mode: 0o755 });
  renameSync(`${script}.${process.pid}`, script);
  return script;
}

/** The folder of jars of Temporal's Java SDK and what it needs: the test server comes with it. */
export async function ensureTemporalJavaSdk() {
  return process.env[Handed.temporalJavaSdk] || ensureMavenArtifacts({ ...TEST_SERVER, into: jarFolder(TEST_SERVER) });
}

/** The folder of jars of Alipay's official Java SDK and what it needs. */
export async function ensureAlipayJavaSdk() {
  return process.env[Handed.alipayJavaSdk] || ensureMavenArtifacts({ ...ALIPAY_SDK, into: jarFolder(ALIPAY_SDK) });
}

/** @param {{ readonly artifactId: string, readonly version: string }} artifact */
function jarFolder({ artifactId, version }) {
  return inCache('jars', `${artifactId}-${version}`);
}
