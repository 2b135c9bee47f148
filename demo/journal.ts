/** Where a payment service writes its sales down before it asks for money. Yours is a table in your database; this is a file. */
import { open, readFile } from 'node:fs/promises';

export interface Journal<Entry> {
  /** Resolves when the entry would survive a loss of power. */
  open(number: string, entry: Entry): Promise<void>;
  conclude(number: string, ending: string): Promise<void>;
  /** Opened and not concluded. */
  unconcluded(): Promise<readonly Entry[]>;
}

/** One JSON line a fact, only ever appended. */
type Line<Entry> =
  | { readonly number: string; readonly entry: Entry }
  | { readonly number: string; readonly ending: string };

/** One process at a time. */
export function createFileJournal<Entry>(path: string): Journal<Entry> {
  async function append(line: Line<Entry>): Promise<void> {
    const file = await open(path, 'a', 0o600);
    try {
      await file.appendFile(`${JSON.stringify(line)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }
  return {
    open: (number, entry) => append({ number, entry }),
    conclude: (number, ending) => append({ number, ending }),
    async unconcluded() {
      const entries = new Map<string, Entry>();
      for (const text of (await readFile(path, 'utf8')).split('\n').filter(Boolean)) {
        const line = JSON.parse(text) as Line<Entry>;
        if ('entry' in line) entries.set(line.number, line.entry);
        else entries.delete(line.number);
      }
      return [...entries.values()];
    },
  };
}
