/** Where the workflow code is: a bundle made at build time, or the modules themselves. By path only: it runs in its own sandbox. */
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { StartProblem } from './start-problem.ts';

const EXTENSION = import.meta.url.slice(import.meta.url.lastIndexOf('.'));

/** The module that exports the workflow. */
export const workflowsPath: string = fileURLToPath(new URL(`../workflows/index${EXTENSION}`, import.meta.url));

/** Where `build-bundle` writes, and where a worker looks when no other bundle is named. */
export const defaultBundlePath: string = fileURLToPath(new URL('workflow-bundle.js', import.meta.url));

export type WorkflowCode =
  | { readonly kind: 'bundle'; readonly codePath: string }
  /** Bundled when the worker starts, which takes a second or two and needs the bundler installed. */
  | { readonly kind: 'modules'; readonly workflowsPath: string };

/** @throws StartProblem when `bundlePath` names no file */
export function findWorkflowCode(bundlePath?: string): WorkflowCode {
  if (bundlePath !== undefined) {
    if (!existsSync(bundlePath)) throw new StartProblem(`There is no workflow bundle at ${bundlePath}.`, MAKE_ONE);
    if (!statSync(bundlePath).isFile()) throw unusableBundle(bundlePath, 'it is no file');
    return { kind: 'bundle', codePath: bundlePath };
  }
  if (existsSync(defaultBundlePath)) return { kind: 'bundle', codePath: defaultBundlePath };
  return { kind: 'modules', workflowsPath };
}

export function unusableBundle(bundlePath: string, reason: string, options?: ErrorOptions): StartProblem {
  return new StartProblem(`The workflow bundle ${bundlePath} cannot be used: ${reason}.`, MAKE_ONE, options);
}

const MAKE_ONE = 'Make one with `npm run build`, or unset RESOLVER_WORKFLOW_BUNDLE.';
