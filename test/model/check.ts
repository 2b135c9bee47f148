/** `node dist/test/model/check.js`: explores every world and prints what it came to. `MODEL_FAULTS=2` bounds it for a quick look. */
import { exploreAll } from './explore.ts';
import { reportOf } from './report.ts';

const explored = await exploreAll();
console.log(reportOf(explored));
for (const { story } of explored) {
  if (story === undefined) continue;
  console.log(`\n${story}`);
  process.exitCode = 1;
}
