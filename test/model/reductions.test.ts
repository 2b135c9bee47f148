/**
 * What the search does not follow (`reductions.ts`) leaves out no state of the rules, no call and no truth: here it runs with and
 * without, and meets the same. That it still notices broken rules is shown in `test/mutation/`, whose mutants it judges.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as resolution from '../../resolution/index.ts';
import { Coverage } from './coverage.ts';
import { search, type SearchResult } from './search.ts';
import { SETTINGS, type Setting } from './settings.ts';

/** A deeper look than that of every day: `MODEL_FAULTS=2`. */
const FAULTS_MAX = Number(process.env['MODEL_FAULTS'] ?? 1);

describe('the search that follows only what matters', function () {
  this.timeout(FAULTS_MAX ** 3 * 10 * 60_000);
  for (const setting of SETTINGS) {
    it(`meets what the search that follows everything meets: ${setting.name}`, () => {
      const texts = new Texts();
      const reduced = explore(setting, texts);
      const whole = explore({ ...setting, unreduced: true }, texts);
      assert.deepEqual([reduced.found, whole.found], [undefined, undefined]);
      assert.ok(reduced.size < whole.size);
      assert.deepEqual(missingFrom(reduced.met, whole.met), []);
      assert.deepEqual(missingFrom(whole.met, reduced.met), []);
      assert.deepEqual(reduced.cells, whole.cells);
    });
  }
});

interface CoveredWorld extends Pick<SearchResult, 'found'> {
  readonly size: number;
  /** What the rules know and were told, what they are in the middle of, what is true of the trade, and when. */
  readonly met: ReadonlySet<string>;
  /** Phase, command and fault; phase, message and whether it was taken. */
  readonly cells: readonly string[];
}

function explore(setting: Setting, texts: Texts): CoveredWorld {
  const coverage = new Coverage();
  const { table, canon, found } = search({ setting, rules: resolution, faultsMax: FAULTS_MAX, coverage });
  const met = new Set<string>();
  for (let id = 0; id < table.size; id++) {
    const { state, happened, call, trade, payInFlight, nowMs } = canon.unpack(table.keyAt(id));
    const known = [state ?? {}, happened, call].map((part) => texts.idOf(part)).join(' ');
    met.add(call.kind === 'over' ? known : `${known} ${trade} ${payInFlight} ${nowMs}`);
  }
  const faults = coverage.cells().filter(({ times }) => times > 0);
  const messages = coverage
    .messageCells()
    .flatMap(({ phase, message, taken, refused }) => [
      ...(taken > 0 ? [`${phase} ${message} taken`] : []),
      ...(refused > 0 ? [`${phase} ${message} refused`] : []),
    ]);
  const cells = [...faults.map(({ phase, command, fault }) => `${phase} ${command} ${fault}`), ...messages];
  return { size: table.size, met, cells, ...(found !== undefined && { found }) };
}

/** Equal things have one number, whichever search has met them. */
class Texts {
  readonly #ids = new Map<string, number>();
  readonly #idsOfObjects = new Map<object, number>();

  idOf(part: object): number {
    let id = this.#idsOfObjects.get(part);
    if (id !== undefined) return id;
    const text = JSON.stringify(part);
    id = this.#ids.get(text) ?? this.#ids.size;
    this.#ids.set(text, id);
    this.#idsOfObjects.set(part, id);
    return id;
  }
}

function missingFrom(some: ReadonlySet<string>, all: ReadonlySet<string>): readonly string[] {
  return [...all].filter((one) => !some.has(one)).slice(0, 10);
}
