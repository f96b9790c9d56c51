// Owns the shape of one committed change of one item of an MRSC table, and its line in the log file.
// Leaves to commit-log.ts the order of entries, to replica.ts who has seen them.
import { canonicalItem, type Item } from '../images.ts';

export type ChangeName = 'INSERT' | 'MODIFY' | 'REMOVE';

export interface LogEntry {
  /** Position in the one order of commits, from 1. */
  readonly seq: number;
  readonly table: string;
  /** Identifies the item, and its partition, over all tables (images.ts). */
  readonly item: string;
  readonly partition: string;
  /** Canonical text of the key attributes. */
  readonly key: string;
  readonly change: ChangeName;
  /** Canonical text of the item; null after a delete. */
  readonly newImage: string | null;
  /** What replicas that have not applied this entry still show. */
  readonly oldImage: string | null;
  readonly atMs: number;
  /** The Region that accepted the write. */
  readonly origin: string;
  /** Only the origin and the witness hold it for now (fault `witness-only`). */
  readonly witnessOnly: boolean;
}

export type NewEntry = Omit<LogEntry, 'seq' | 'change'>;

export const changeName = (oldImage: string | null, newImage: string | null): ChangeName => {
  if (newImage === null) return 'REMOVE';
  return oldImage === null ? 'INSERT' : 'MODIFY';
};

/** One line of JSON. Images are kept as they are: they are JSON already. */
export const entryLine = (entry: LogEntry): string => {
  const { seq, table, item, partition, key, change, atMs, origin, witnessOnly } = entry;
  const head = JSON.stringify({ seq, table, item, partition, key, change, atMs, origin, witnessOnly });
  return `${head.slice(0, -1)},"newImage":${entry.newImage ?? 'null'},"oldImage":${entry.oldImage ?? 'null'}}\n`;
};

export const parseEntry = (line: Readonly<Record<string, unknown>>): LogEntry => {
  const image = (value: unknown): string | null => (value === null ? null : canonicalItem(value as Item));
  return {
    ...(line as unknown as LogEntry),
    newImage: image(line.newImage),
    oldImage: image(line.oldImage),
  };
};
