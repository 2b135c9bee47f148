/** `node dist/test/model/replay-walk.js SEED LENGTH`: tells one random run as a story. */
import * as resolution from '../../resolution/index.ts';
import { storyOf, type Step } from './story.ts';
import { walk, type Walk } from './walk.ts';

export function tellWalk(run: Walk): string {
  const steps: Step[] = [];
  const { violation } = walk(run, resolution, (step) => steps.push(step));
  return storyOf(steps, violation?.message ?? 'no invariant is broken');
}

export function replayCommand({ seed, length }: Walk): string {
  return `node dist/test/model/replay-walk.js ${seed} ${length}`;
}

const [, script = '', seed, length] = process.argv;
if (script.endsWith('replay-walk.js')) {
  const run = { seed: Number(seed), length: Number(length) };
  if (!Number.isInteger(run.seed) || !Number.isInteger(run.length)) throw new TypeError('Give a seed and a length.');
  console.log(tellWalk(run));
}
