// Owns what the drills have left to be read: the reports in their folder, newest first, and no file outside of it.
// Leaves to the drills what a report says.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { DrillReport } from './live.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
};
const MOST = 50;

const endingOf = (file: string): string => file.slice(file.lastIndexOf('.') + 1);

export const reportType = (file: string): string => TYPES[endingOf(file)] ?? 'application/octet-stream';

export class DrillReports {
  readonly #dir: string;

  /** @param dir need not be there: then there are no reports */
  constructor(dir: string) {
    this.#dir = resolve(dir);
  }

  /** The pages among them. */
  list(): readonly DrillReport[] {
    if (!existsSync(this.#dir)) return [];
    return readdirSync(this.#dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.html'))
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        const path = relative(this.#dir, file).split(sep);
        const href = ['/drill-reports', ...path.map(encodeURIComponent)].join('/');
        return { name: path.join('/').replace(/(\/index)?\.html$/, ''), href, atMs: statSync(file).mtimeMs };
      })
      .sort((one, other) => other.atMs - one.atMs)
      .slice(0, MOST);
  }

  /** Undefined for a file that is not there, of another kind, or not below the folder. */
  read(path: string): Buffer<ArrayBuffer> | undefined {
    const file = resolve(this.#dir, path);
    if (!file.startsWith(this.#dir + sep) || !(endingOf(file) in TYPES)) return undefined;
    try {
      return readFileSync(file);
    } catch {
      return undefined;
    }
  }
}
