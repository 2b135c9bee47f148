/**
 * The mutants of everything that decides or classifies, and what becomes of them. Ends with 1 where one survives that is not listed
 * in `survivors.ts`, where a listed one is noticed by now, or where the score is too low.
 *
 *     npm run stryker [-- PART]     PART: the beginning of a part's name in `scope.ts`
 */
import { judge } from './judgment.ts';
import { hasObjection, report } from './report.ts';
import { mutantsOf } from './run-stryker.ts';
import { PARTS } from './scope.ts';
import { SURVIVORS } from './survivors.ts';

const [wanted = ''] = process.argv.slice(2);
const parts = PARTS.filter(({ name }) => name.startsWith(wanted));
if (parts.length === 0) {
  console.error(`which part? One of: ${PARTS.map(({ name }) => name).join(', ')}`);
  process.exitCode = 2;
}
const mutants = [];
for (const part of parts) {
  const startedAtMs = performance.now();
  const found = await mutantsOf(part);
  console.log(`${part.name}: ${found.length} mutants in ${((performance.now() - startedAtMs) / 1000).toFixed(0)} s`);
  mutants.push(...found);
}
if (parts.length > 0) {
  const judgment = judge(mutants, SURVIVORS);
  console.log(report(mutants, judgment));
  if (hasObjection(judgment)) process.exitCode = 1;
}
