/** `node dist/test/model/check.js`: explores every world and prints what it came to. `MODEL_FAULTS=5` goes deeper. */
import { cellsOf, coverageText, exploreAll, sizesText } from './explore.ts';

const explored = await exploreAll();
console.log(`${sizesText(explored)}\n\n${coverageText(cellsOf(explored))}`);
for (const { story } of explored) {
  if (story === undefined) continue;
  console.log(`\n${story}`);
  process.exitCode = 1;
}
