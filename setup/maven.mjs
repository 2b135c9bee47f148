// @ts-check
/** Java artifacts from Maven Central, with everything they depend on, kept in the cache folder. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { atExit } from './at-exit.mjs';
import { whileLocked } from './lock.mjs';
import { runTool } from './run-child.mjs';
import { saying, SetupError } from './say.mjs';

const MAVEN_MS_MAX = 5 * 60_000;
const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** @typedef {{ readonly groupId: string, readonly artifactId: string, readonly version: string }} Artifact */

/** Whether Java runs here; Maven is looked for only when something has to be fetched. */
export async function hasJava() {
  const { code } = await runTool('java', ['-version'], { timeoutMs: 30_000 });
  return code === 0;
}

/**
 * Puts the jar of an artifact and the jars it needs at run time into the folder `into`, unless it exists already.
 * Resolves with `into`. Throws SetupError when Maven is missing or fails.
 * @param {Artifact & { readonly into: string }} artifact
 */
export async function ensureMavenArtifacts({ groupId, artifactId, version, into }) {
  if (existsSync(into)) return into;
  return whileLocked(`${into}.lock`, { heldMsMax: MAVEN_MS_MAX, forWhat: `fetches ${artifactId}` }, async () => {
    if (!existsSync(into)) await fetchInto(into, { groupId, artifactId, version });
    return into;
  });
}

/**
 * @param {string} into
 * @param {Artifact} artifact
 */
async function fetchInto(into, artifact) {
  const unfinished = `${into}.unfinished-${process.pid}`;
  const removeUnfinished = () => rmSync(unfinished, { recursive: true, force: true });
  const forget = atExit(removeUnfinished);
  try {
    const jars = join(unfinished, 'jars');
    mkdirSync(jars, { recursive: true });
    writeFileSync(join(unfinished, 'pom.xml'), pomThatNeeds(artifact));
    const { code, output } = await saying(
      `fetching ${artifact.artifactId} ${artifact.version} with Maven (some seconds, once)`,
      () =>
        runTool(
          'mvn',
          ['--batch-mode', '--quiet', COPY_DEPENDENCIES, `-DoutputDirectory=${jars}`, '-DincludeScope=runtime'],
          { cwd: unfinished, timeoutMs: MAVEN_MS_MAX },
        ),
    );
    if (code !== 0)
      throw new SetupError(
        `Maven could not fetch ${artifact.artifactId}; install Maven or mend what it says:\n${output.trim()}`,
      );
    mkdirSync(dirname(into), { recursive: true });
    renameSync(jars, into);
  } finally {
    removeUnfinished();
    forget();
  }
}

/** @param {Artifact} artifact */
function pomThatNeeds({ groupId, artifactId, version }) {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>setup</groupId><artifactId>setup</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>
  </dependencies>
</project>
`;
}
