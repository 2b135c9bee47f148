// @ts-check
/**
 * What the set-up hands on to the program or the tests it runs. A value that is already set is believed and never
 * looked for again.
 *
 * | variable                  | what it holds                                                                       |
 * | ------------------------- | ----------------------------------------------------------------------------------- |
 * | RESOLVER_TEMPORAL_BINARY  | path of the `temporal` program: the dev server of the demo and the tests            |
 * | RESOLVER_TEST_SERVER      | path of a script that starts Temporal's Java test server, which can skip time       |
 * | RESOLVER_ALIPAY_JAVA_SDK  | folder of the jars of Alipay's official Java SDK, the oracle of `test/interop/`     |
 * | RESOLVER_TEMPORAL_JAVA_SDK | folder of the jars of Temporal's Java SDK, for the Java of the documents             |
 * | RESOLVER_TOXIPROXY        | path of the Toxiproxy server, which breaks connections for `test/faults/`           |
 * | RESOLVER_TEST_COUNTS      | path of a file that the mocha reporter writes its counts to (see `test-run.mjs`)    |
 *
 * What it reads: `TEMPORAL_ADDRESS` (use that server instead of a dev server of our own), `CI` (what is missing is an
 * error, not a skip), `RESOLVER_NIGHTLY` (set: the long forms of the tests in `test/faults/`), `XDG_CACHE_HOME` (where
 * built and downloaded programs stay), `GOFLAGS`, `GOPROXY` and the like as Go reads them.
 */
export const Handed = {
  temporalBinary: 'RESOLVER_TEMPORAL_BINARY',
  testServer: 'RESOLVER_TEST_SERVER',
  alipayJavaSdk: 'RESOLVER_ALIPAY_JAVA_SDK',
  temporalJavaSdk: 'RESOLVER_TEMPORAL_JAVA_SDK',
  toxiproxy: 'RESOLVER_TOXIPROXY',
  testCounts: 'RESOLVER_TEST_COUNTS',
};

/** CI services set `CI=true`; there a test that cannot run must not pass unseen. */
export const underCi = process.env.CI === 'true';
