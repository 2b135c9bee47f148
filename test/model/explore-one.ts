/** One world, explored in a thread of its own: the search, and from every world it met the way to an end. */
import { parentPort, workerData } from 'node:worker_threads';
import * as resolution from '../../resolution/index.ts';
import { type Cell, Coverage, type MessageCell } from './coverage.ts';
import { type Crowds, crowdsOf } from './crowds.ts';
import { type Ending, ENDINGS, live } from './liveness.ts';
import { search } from './search.ts';
import { shown } from './sentences.ts';
import { SETTINGS } from './settings.ts';
import { tell } from './story.ts';

export interface Exploration {
  readonly name: string;
  readonly faultsMax: number;
  readonly states: number;
  readonly statesByFaults: readonly number[];
  readonly transitions: number;
  readonly depth: number;
  readonly statesOfBrain: number;
  readonly longestToEnd: number;
  readonly seconds: number;
  readonly cells: readonly Cell[];
  readonly unlisted: readonly string[];
  readonly messageCells: readonly MessageCell[];
  /** States with so many requests of ours on their way at once, and the pay request, which can still land. */
  readonly crowds: Crowds;
  /** Places in the table of `sentences.ts`. */
  readonly sentences: readonly number[];
  /** The story of a violation. */
  readonly story?: string;
}

export interface ExploreOne {
  readonly setting: number;
  readonly faultsMax: number;
}

function exploreOne({ setting: at, faultsMax }: ExploreOne): Exploration {
  const setting = SETTINGS[at];
  if (setting === undefined) throw new RangeError(`no setting ${at}`);
  const startedAtMs = performance.now();
  const coverage = new Coverage();
  const searched = search({ setting, rules: resolution, faultsMax, coverage });
  let { found } = searched;
  let longestToEnd = 0;
  for (const ending of found === undefined ? (Object.keys(ENDINGS) as Ending[]) : []) {
    const { longest, stuck } = live(searched, ending);
    longestToEnd = Math.max(longestToEnd, longest);
    found ??= stuck;
  }
  return {
    name: setting.name,
    faultsMax,
    states: searched.table.size,
    statesByFaults: searched.statesByFaults,
    transitions: searched.transitions,
    depth: searched.depth,
    statesOfBrain: searched.statesOfBrain,
    longestToEnd,
    seconds: (performance.now() - startedAtMs) / 1_000,
    cells: coverage.cells(),
    unlisted: coverage.unlisted(),
    messageCells: coverage.messageCells(),
    crowds: crowdsOf(searched),
    sentences: [...shown],
    ...(found !== undefined && { story: tell(searched, found) }),
  };
}

parentPort?.postMessage(exploreOne(workerData as ExploreOne));
