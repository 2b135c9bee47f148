/** What a run of Stryker is worth: how many mutants the tests notice, and whether each survivor is one that somebody has judged. */
export interface Mutant {
  /** From the root of the repository. */
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** The line of source, without its indentation, on which the mutant begins. */
  readonly within: string;
  readonly original: string;
  readonly replacement: string;
  readonly mutator: string;
  readonly status: 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'RuntimeError' | 'CompileError' | 'Ignored';
  readonly ignoredAs?: string;
}

/** Survivors of one reason. Lines of source name them, not their numbers, so that the list stays true when code moves. */
export interface Survivors {
  readonly because: string;
  readonly file: string;
  readonly mutants: readonly (readonly [within: string, original: string, replacement: string])[];
}

export interface Judgment {
  /** By a test that fails, or by a mutant that never ends. */
  readonly noticed: number;
  readonly survived: number;
  /** Per reason. */
  readonly ignored: ReadonlyMap<string, number>;
  /** Modules that the mutant keeps from loading; they are counted neither way. */
  readonly unloadable: number;
  /** Percent. */
  readonly score: number;
  readonly unlisted: readonly Mutant[];
  /** Listed, and noticed by now or gone from the source. */
  readonly outlived: readonly string[];
}

/** Only lists of files that were mutated are looked at. */
export function judge(mutants: readonly Mutant[], listed: readonly Survivors[]): Judgment {
  const survivors = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  const noticed = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
  const files = new Set(mutants.map(({ file }) => file));
  const listedKeys = listed
    .filter(({ file }) => files.has(file))
    .flatMap((group) => group.mutants.map((mutant) => keyOf(group.file, ...mutant)));
  const survivingKeys = new Set(survivors.map(keyOfMutant));
  const known = new Set(listedKeys);
  return {
    noticed,
    survived: survivors.length,
    ignored: countOf(mutants.flatMap(({ ignoredAs }) => (ignoredAs === undefined ? [] : [ignoredAs]))),
    unloadable: mutants.filter(({ status }) => status === 'RuntimeError' || status === 'CompileError').length,
    score: (100 * noticed) / Math.max(1, noticed + survivors.length),
    unlisted: survivors.filter((mutant) => !known.has(keyOfMutant(mutant))),
    outlived: listedKeys.filter((key) => !survivingKeys.has(key)),
  };
}

export function describeMutant({ file, line, original, replacement }: Mutant): string {
  return `${file}:${line}  ${original}  →  ${replacement}`;
}

/** As `survivors.ts` takes it. */
export function entryOf({ within, original, replacement }: Mutant): string {
  return `[${[within, original, replacement].map((text) => JSON.stringify(text)).join(', ')}],`;
}

function keyOfMutant({ file, within, original, replacement }: Mutant): string {
  return keyOf(file, within, original, replacement);
}

function keyOf(file: string, within: string, original: string, replacement: string): string {
  return `${file}  ${within}  |  ${original}  →  ${replacement}`;
}

function countOf(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
