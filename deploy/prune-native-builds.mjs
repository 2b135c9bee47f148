/**
 * Removes from node_modules what the image's platform cannot run: Temporal's core comes built for five platforms, 137 MB
 * in all, with its Rust source beside it. Then loads the core once, so that an image without a usable one is never made.
 */
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const ARCHITECTURES = { arm64: 'aarch64', x64: 'x86_64' };

const require = createRequire(import.meta.url);
const core = dirname(require.resolve('@temporalio/core-bridge/package.json'));
const kept = `${ARCHITECTURES[process.arch]}-unknown-linux-gnu`;

for (const build of readdirSync(join(core, 'releases'))) {
  if (build !== kept) rmSync(join(core, 'releases', build), { recursive: true });
}
for (const source of ['sdk-core', 'src', 'bridge-macros', 'Cargo.toml', 'Cargo.lock']) {
  rmSync(join(core, source), { recursive: true, force: true });
}
require('@temporalio/worker');
