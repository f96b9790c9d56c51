// Owns what one replica has not applied yet, by item: what hides a committed change from its eventual reads.
// Leaves to replica.ts when a change is applied.
import type { LogEntry } from './log-entry.ts';

export class Unapplied {
  /** Per item in the order of commits. */
  private readonly byItem = new Map<string, LogEntry[]>();

  add(entry: LogEntry): void {
    const entries = this.byItem.get(entry.item);
    if (entries === undefined) this.byItem.set(entry.item, [entry]);
    else entries.push(entry);
  }

  remove(entry: LogEntry): void {
    const left = (this.byItem.get(entry.item) ?? []).filter((other) => other !== entry);
    if (left.length === 0) this.byItem.delete(entry.item);
    else this.byItem.set(entry.item, left);
  }

  has(item: string): boolean {
    return this.byItem.has(item);
  }

  /** The oldest change of an item that is still hidden: the replica shows what was there before it. */
  first(item: string): LogEntry | undefined {
    return this.byItem.get(item)?.[0];
  }

  /** The newest hidden change of an item took it away. */
  isDeleted(item: string): boolean {
    return this.byItem.get(item)?.at(-1)?.newImage === null;
  }

  /** The oldest hidden change of each item of which there is one. */
  *firsts(): Iterable<LogEntry> {
    for (const entries of this.byItem.values()) {
      if (entries[0] !== undefined) yield entries[0];
    }
  }

  oldest(): LogEntry | undefined {
    let oldest: LogEntry | undefined;
    for (const entry of this.firsts()) {
      if (oldest === undefined || entry.seq < oldest.seq) oldest = entry;
    }
    return oldest;
  }
}
