// Owns the meter files of fixtures/ as the tests read them.
// Leaves to fixtures/*/README.md where they come from.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

const FIXTURES = new URL('../../../fixtures/', import.meta.url);

export const fixture = (path: string): Buffer => readFileSync(fileURLToPath(new URL(path, FIXTURES)));

/** The one file in each archive of market scenarios, by the archive's name without its `NEM12#` and ending. */
export const scenarios = (): ReadonlyMap<string, Buffer> => {
  const folder = new URL('nem12/scenarios/', FIXTURES);
  return new Map(
    readdirSync(folder).map((name) => {
      const [bytes] = Object.values(unzipSync(readFileSync(new URL(encodeURIComponent(name), folder))));
      return [name.replace(/^nem12#|#nemmco\.zip$/gi, ''), Buffer.from(bytes ?? [])];
    }),
  );
};
