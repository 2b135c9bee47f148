// @ts-check
/**
 * Lets the Temporal SDK download the CLI it would use for itself, by starting and stopping a dev server once. Run as a
 * process of its own because the SDK's download has no deadline: where the network swallows packets it would hang.
 *
 *     node setup/sdk-download.mjs FOLDER MS_UNTIL_BYTES_MUST_FLOW
 */
import { readdirSync } from 'node:fs';
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [downloadDir = '', beginsMsMax] = process.argv.slice(2);

// The SDK creates its file once the download host has answered; no file by then means no answer.
setTimeout(() => {
  if (readdirSync(downloadDir).length === 0) process.exit(1);
}, Number(beginsMsMax));

try {
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir, ttl: '365 days' } },
  });
  await environment.teardown();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
