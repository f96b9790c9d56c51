// Owns how far a replay of the ledger has come, and the file it is kept in between two runs.
// Leaves to ledger-replay.ts what is done at each place.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { oneLine, UsageError } from './failures.ts';

const shape = z.strictObject({
  from: z.enum(['archive', 'ledger']),
  to: z.string(),
  /** The chain that is gone over, and the last ordinal of it that is done. */
  bucket: z.int().min(0),
  ordinal: z.int().min(0),
  /** Of the scan of a ledger: where it goes on, and whether it is done. */
  cursor: z.string().optional(),
  scanned: z.literal(true).optional(),
  seals: z.int(),
  facts: z.int(),
  /** Facts that no archive held. */
  young: z.int(),
});

export type ReplayPlace = Readonly<{
  from: 'archive' | 'ledger';
  to: string;
  bucket: number;
  ordinal: number;
  cursor?: string;
  scanned?: true;
  seals: number;
  facts: number;
  young: number;
}>;

/** Where to go on, or the beginning. @throws UsageError for a file that is none of ours, or another replay's */
export const openPlace = (file: string | undefined, from: ReplayPlace['from'], to: string): ReplayPlace => {
  const beginning = { from, to, bucket: 0, ordinal: 0, seals: 0, facts: 0, young: 0 };
  if (file === undefined || !existsSync(file)) return beginning;
  const place = read(file);
  if (place.from !== from || place.to !== to)
    throw new UsageError(`${file} is of a replay from ${place.from} to ${place.to}: name another file`);
  return place;
};

const read = (file: string): ReplayPlace => {
  try {
    return JSON.parse(JSON.stringify(shape.parse(JSON.parse(readFileSync(file, 'utf8'))))) as ReplayPlace;
  } catch (cause) {
    throw new UsageError(`${file} is no checkpoint of replay (${oneLine(cause)}): name another file`, { cause });
  }
};

/** Whole or not at all: a run that is killed while it writes must not lose its place. */
export const keepPlace = (file: string | undefined, place: ReplayPlace): void => {
  if (file === undefined) return;
  writeFileSync(`${file}.new`, JSON.stringify(place));
  renameSync(`${file}.new`, file);
};

export const forgetPlace = (file: string | undefined): void => {
  if (file !== undefined) rmSync(file, { force: true });
};
