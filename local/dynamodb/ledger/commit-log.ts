// Owns the one order in which items of MRSC tables changed: in memory, and in a file that outlives every process.
// Leaves to replica.ts what each Region has seen of it, to reconcile.ts what the file missed.
import { join } from 'node:path';
import { LineFile } from '../../line-file.ts';
import { hash32 } from '../seeded-random.ts';
import { changeName, entryLine, type LogEntry, type NewEntry, parseEntry } from './log-entry.ts';

/** DynamoDB Streams keeps records for 24 hours. */
export const RETENTION_MS = 24 * 60 * 60 * 1000;

/** The last image of an item, as a digest: enough to see whether the engine holds something else. */
export type KnownImages = Map<string, string>;

/** Two independent 32-bit hashes: tells images apart, protects against nobody. */
export const imageDigest = (image: string): string =>
  `${hash32(image).toString(36)}.${hash32(`${image.length}#${image}`).toString(36)}`;

interface KnownLine {
  readonly known: string;
  readonly digest: string;
}

export class CommitLog {
  private readonly entries: LogEntry[];
  private nextSeq: number;
  private readonly listeners: ((entry: LogEntry) => void)[] = [];

  private constructor(
    private readonly file: LineFile,
    entries: LogEntry[],
    lastSeq: number,
    /** Of the log as it was read; to be given up after reconciling. */
    readonly knownAtOpen: KnownImages,
  ) {
    this.entries = entries;
    this.nextSeq = lastSeq + 1;
  }

  /** Reads the log of `dataDir`; entries past retention leave only the digest of their image behind. */
  static open(dataDir: string, nowMs: number): CommitLog {
    const path = join(dataDir, 'commit-log.jsonl');
    const known: KnownImages = new Map();
    const entries: LogEntry[] = [];
    let lastSeq = 0;
    let trimmed = 0;
    for (const line of LineFile.read(path)) {
      const parsed = JSON.parse(line) as Record<string, unknown>;
      if ('lastSeq' in parsed) {
        lastSeq = Math.max(lastSeq, Number(parsed.lastSeq));
      } else if ('known' in parsed) {
        const { known: item, digest } = parsed as unknown as KnownLine;
        known.set(item, digest);
      } else {
        const entry = parseEntry(parsed);
        lastSeq = Math.max(lastSeq, entry.seq);
        if (entry.newImage === null) known.delete(entry.item);
        else known.set(entry.item, imageDigest(entry.newImage));
        if (entry.atMs > nowMs - RETENTION_MS) entries.push(entry);
        else trimmed += 1;
      }
    }
    if (trimmed > 0) CommitLog.compact(path, lastSeq, known, entries);
    return new CommitLog(new LineFile(path), entries, lastSeq, known);
  }

  private static compact(path: string, lastSeq: number, known: KnownImages, entries: readonly LogEntry[]): void {
    LineFile.replace(path, [
      JSON.stringify({ lastSeq }),
      ...[...known].map(([item, digest]) => JSON.stringify({ known: item, digest } satisfies KnownLine)),
      ...entries.map((entry) => entryLine(entry).trimEnd()),
    ]);
  }

  onCommit(listener: (entry: LogEntry) => void): void {
    this.listeners.push(listener);
  }

  /** Takes the entry in before it returns: no later read can miss it. */
  append(committed: NewEntry): LogEntry {
    const entry: LogEntry = {
      ...committed,
      seq: this.nextSeq,
      change: changeName(committed.oldImage, committed.newImage),
    };
    this.nextSeq += 1;
    this.file.append(entryLine(entry));
    this.entries.push(entry);
    for (const listener of this.listeners) listener(entry);
    return entry;
  }

  /** Everything within retention, oldest first. */
  all(): readonly LogEntry[] {
    return this.entries;
  }

  get lastSeq(): number {
    return this.nextSeq - 1;
  }

  /** Forgets entries older than 24 hours that every replica has applied; the file follows at the next opening. */
  trim(nowMs: number, isApplied: (entry: LogEntry) => boolean): void {
    const firstKept = this.entries.findIndex((entry) => entry.atMs > nowMs - RETENTION_MS || !isApplied(entry));
    this.entries.splice(0, firstKept === -1 ? this.entries.length : firstKept);
  }

  close(): void {
    this.file.close();
  }
}
