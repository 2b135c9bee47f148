/** A judgment in words: a table of the files, then what is wrong, ready for `survivors.ts`. */
import { describeMutant, entryOf, judge, type Judgment, type Mutant } from './judgment.ts';
import { SCORE_MIN } from './scope.ts';

export function report(mutants: readonly Mutant[], judgment: Judgment): string {
  const files = [...new Set(mutants.map(({ file }) => file))];
  const rows = files.map((file) =>
    row(
      file,
      judge(
        mutants.filter((mutant) => mutant.file === file),
        [],
      ),
    ),
  );
  const ignored = [...judgment.ignored].map(([reason, count]) => `${count} ${reason}`);
  return [
    'file                            noticed  survived   score',
    ...rows,
    row('all', judgment),
    `left out: ${ignored.join(', ') || 'none'}; ${judgment.unloadable} keep a module from loading`,
    ...objections(judgment),
  ].join('\n');
}

export function hasObjection({ unlisted, outlived, score }: Judgment): boolean {
  return unlisted.length > 0 || outlived.length > 0 || score < SCORE_MIN;
}

export function objections({ unlisted, outlived, score }: Judgment): readonly string[] {
  return [
    ...(score < SCORE_MIN ? [`The tests notice ${score.toFixed(1)} % of the mutants, less than ${SCORE_MIN} %.`] : []),
    ...(unlisted.length > 0
      ? ['No test notices these, and survivors.ts does not list them. Write the test, or list them with the reason:']
      : []),
    ...unlisted.flatMap((mutant) => [describeMutant(mutant), `    ${entryOf(mutant)}`]),
    ...(outlived.length > 0 ? ['These are noticed by now, or are gone: take them off survivors.ts:', ...outlived] : []),
  ];
}

function row(name: string, { noticed, survived, score }: Judgment): string {
  return `${name.padEnd(30)} ${String(noticed).padStart(8)} ${String(survived).padStart(9)} ${score.toFixed(1).padStart(6)}%`;
}
