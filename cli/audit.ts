// Owns the line that every command leaves which changed something: one of JSON on stderr, and in the run's data where there is one.
// Leaves to CloudTrail what AWS itself records of the same request.
import { appendFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Target } from './target.ts';
import type { Terminal } from './terminal.ts';

export interface AuditEntry {
  /** The command's name. */
  readonly command: string;
  readonly region: string;
  /** What was changed, and by how much. */
  readonly [detail: string]: string | number | undefined;
}

/** Below a run's data directory. */
const FILE = join('logs', 'audit.jsonl');

export const audit = (target: Target, terminal: Terminal, entry: AuditEntry, nowMs: number): void => {
  const line = JSON.stringify({
    audit: entry.command,
    at: new Date(nowMs).toISOString(),
    by: userInfo().username,
    target: target.kind,
    jurisdiction: target.jurisdiction,
    ...entry,
    command: undefined,
  });
  terminal.note(line);
  if (target.dataDir !== undefined) appendFileSync(join(target.dataDir, FILE), `${line}\n`);
};
