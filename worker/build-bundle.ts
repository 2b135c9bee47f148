/** Makes the workflow bundle that a production worker loads, so that no bundler runs there. Part of `npm run build`. */
import { rename, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

import { defaultBundlePath, workflowsPath } from './workflow-code.ts';

const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
// Whole or not at all: a worker may start at any moment.
const unfinished = `${defaultBundlePath}.${process.pid}`;
await writeFile(unfinished, code);
await rename(unfinished, defaultBundlePath);
