// @ts-check
/** Toxiproxy, the proxy that breaks connections on demand: the network faults of `test/faults/` and of the benchmarks. */
import { Handed } from './environment.mjs';
import { builtWithGo } from './go-program.mjs';
import { whileLocked } from './lock.mjs';
import { inCache } from './places.mjs';
import { exe, firstThatIs, programAtHand } from './program-at-hand.mjs';

const VERSION = '2.12.0';
const BUILD_MS_MAX = 20 * 60_000;

const TOXIPROXY = {
  variable: Handed.toxiproxy,
  name: 'toxiproxy-server',
  asked: '-version',
  says: 'toxiproxy-server version',
};
const built = inCache(`toxiproxy-${VERSION}`, `server${exe}`);

/** Resolves with the program's path, or undefined. */
export async function findToxiproxy() {
  const atHand = programAtHand(TOXIPROXY, [built]);
  if (atHand) return atHand;
  return whileLocked(inCache('toxiproxy.lock'), { heldMsMax: BUILD_MS_MAX, forWhat: 'builds Toxiproxy' }, async () => {
    const module = `github.com/Shopify/toxiproxy/v2/cmd/server@v${VERSION}`;
    const saying = `building Toxiproxy ${VERSION} with Go (some seconds, once)`;
    return firstThatIs(TOXIPROXY, [built]) ?? (await builtWithGo({ module, path: built, saying }));
  });
}

export const TWO_WAYS_OUT = `There is no Toxiproxy here, and none could be built: the tests of network faults need it. Either will do:
  1. toxiproxy-server on your PATH (https://github.com/Shopify/toxiproxy: brew install toxiproxy, or one file to download)
  2. Go 1.24 or newer on your PATH: then it is built from its source, once, in some seconds`;
