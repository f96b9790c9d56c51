// Owns how one Region's replica follows the log: with a lag, frozen at a cut, at a bounded rate when it comes back.
// Leaves to network.ts why it is cut off, to overlay.ts what its eventual reads show.
import { LineFile } from '../../line-file.ts';
import type { CommitLog } from './commit-log.ts';
import { DueQueue } from './due-queue.ts';
import type { LogEntry } from './log-entry.ts';
import { StreamShards } from './stream-shards.ts';
import { Unapplied } from './unapplied.ts';

const CATCH_UP_TICK_MS = 10;

export interface ReplicaOptions {
  readonly region: string;
  /** Remembers in which order this replica applied: its stream must be the same after a restart. */
  readonly appliedFile: string;
  readonly tables: readonly string[];
  /** A new lag for a change accepted in `origin`, milliseconds. */
  readonly lagMs: (origin: string) => number;
  readonly catchUpPerSecond: number;
  /** A return takes at least this long: the Region has to hear from another what it missed. */
  readonly minimumCatchUpMs: number;
}

export class Replica {
  readonly region: string;
  readonly unapplied = new Unapplied();
  private readonly streams: ReadonlyMap<string, StreamShards>;
  private readonly queue = new DueQueue<LogEntry>();
  private readonly dueAtMs = new Map<string, number>();
  private readonly held = new Map<string, LogEntry[]>();
  private readonly file: LineFile;
  private position = 0;
  private mode: 'following' | 'frozen' | 'catching-up' = 'following';
  private catchUpUntilMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: ReplicaOptions,
    private readonly log: CommitLog,
  ) {
    this.region = options.region;
    this.streams = new Map(options.tables.map((table) => [table, new StreamShards()]));
    this.restore();
    this.file = new LineFile(options.appliedFile);
    log.onCommit((entry) => this.offer(entry));
  }

  /** The stream of a table, or undefined when this Region has no replica of it. */
  stream(table: string): StreamShards | undefined {
    return this.streams.get(table);
  }

  get caughtUp(): boolean {
    return this.mode === 'following';
  }

  /** Everything up to here is applied. */
  get appliedSeq(): number {
    return (this.unapplied.oldest()?.seq ?? this.log.lastSeq + 1) - 1;
  }

  /** Age of the oldest change not applied, 0 when there is none. */
  lagMs(nowMs: number): number {
    const oldest = this.unapplied.oldest();
    return oldest === undefined ? 0 : Math.max(0, nowMs - oldest.atMs);
  }

  freeze(): void {
    this.mode = 'frozen';
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Catches up, then follows. Nothing happens to a replica that was not frozen. */
  resume(): void {
    if (this.mode !== 'frozen') return;
    this.mode = 'catching-up';
    this.catchUpUntilMs = Date.now() + this.options.minimumCatchUpMs;
    this.arm();
  }

  /** A quorum was asked for these items, or their origin is back: what the witness alone held arrives here too. */
  release(isAsked: (entry: LogEntry) => boolean): void {
    for (const [item, entries] of this.held) {
      if (!entries.some(isAsked)) continue;
      this.held.delete(item);
      for (const entry of entries) this.schedule(entry);
    }
    this.arm();
  }

  trim(nowMs: number): void {
    for (const shards of this.streams.values()) shards.trim(nowMs);
  }

  close(): void {
    this.freeze();
    this.file.close();
  }

  private offer(entry: LogEntry): void {
    if (!this.streams.has(entry.table)) return;
    this.unapplied.add(entry);
    const held = this.held.get(entry.item);
    if (entry.witnessOnly && entry.origin !== this.region) {
      this.held.set(entry.item, [...(held ?? []), entry]);
      return;
    }
    // Order per item: what came before it cannot arrive after it.
    if (held !== undefined) this.release((other) => other.item === entry.item);
    this.schedule(entry);
    this.arm();
  }

  private schedule(entry: LogEntry): void {
    const dueAtMs = Math.max(Date.now() + this.options.lagMs(entry.origin), this.dueAtMs.get(entry.item) ?? 0);
    this.dueAtMs.set(entry.item, dueAtMs);
    this.queue.add(dueAtMs, entry);
  }

  private arm(): void {
    if (this.mode === 'frozen') return;
    clearTimeout(this.timer);
    const nextAtMs = this.queue.nextAtMs();
    if (this.mode === 'following' && nextAtMs === undefined) return;
    const waitMs = this.mode === 'catching-up' ? CATCH_UP_TICK_MS : Math.max(0, (nextAtMs ?? 0) - Date.now());
    this.timer = setTimeout(() => this.tick(), waitMs);
  }

  private tick(): void {
    const nowMs = Date.now();
    if (this.mode === 'following') {
      this.apply(this.queue.take(nowMs, Number.POSITIVE_INFINITY));
    } else {
      this.apply(this.queue.take(nowMs, Math.max(1, (this.options.catchUpPerSecond * CATCH_UP_TICK_MS) / 1000)));
      const isBehind = (this.queue.nextAtMs() ?? Number.POSITIVE_INFINITY) <= nowMs;
      if (!isBehind && nowMs >= this.catchUpUntilMs) this.mode = 'following';
    }
    this.arm();
  }

  private apply(entries: readonly LogEntry[]): void {
    if (entries.length === 0) return;
    const records = entries.map((entry, index) => ({ position: this.position + index + 1, entry }));
    // On file before anybody can see it: a consumer's checkpoint must mean the same record after a restart.
    this.file.append(records.map(({ position, entry }) => `${position} ${entry.seq}\n`).join(''));
    this.position += records.length;
    for (const record of records) {
      this.streams.get(record.entry.table)?.add(record);
      this.unapplied.remove(record.entry);
      if (!this.unapplied.has(record.entry.item)) this.dueAtMs.delete(record.entry.item);
    }
  }

  private restore(): void {
    const bySeq = new Map(this.log.all().map((entry) => [entry.seq, entry]));
    const lines = LineFile.read(this.options.appliedFile);
    const kept: string[] = [];
    for (const line of lines) {
      const [position = 0, seq = 0] = line.split(' ').map(Number);
      this.position = position;
      const entry = bySeq.get(seq);
      if (entry === undefined) continue;
      bySeq.delete(seq);
      kept.push(line);
      this.streams.get(entry.table)?.add({ position, entry });
    }
    if (kept.length < lines.length) {
      // The last position stays on file even when its entry is past retention: positions are never given twice.
      const last = lines.at(-1) ?? '';
      LineFile.replace(this.options.appliedFile, kept.at(-1) === last ? kept : [...kept, `${this.position} 0`]);
    }
    for (const entry of bySeq.values()) {
      if (!this.streams.has(entry.table)) continue;
      this.unapplied.add(entry);
      this.schedule(entry);
    }
    this.arm();
  }
}
