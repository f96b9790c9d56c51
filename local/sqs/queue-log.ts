// Owns a queue's messages on disk: every change is a line that is written before it is answered, and read again after a kill.
// Leaves to queue.ts what a change means.
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { LineFile } from '../line-file.ts';

export interface StoredMessage {
  readonly messageId: string;
  readonly body: string;
  /** Epoch milliseconds, as all times here. */
  readonly sentAtMs: number;
  readonly visibleAtMs: number;
  readonly receiveCount: number;
  readonly firstReceivedAtMs?: number;
  /** Of the latest receive; an older one deletes nothing. */
  readonly receiptHandle?: string;
  /** In a DLQ: the queue that gave the message up. */
  readonly deadLetterSourceArn?: string;
}

/** A message as it is now, or that it is gone. */
export type Change = StoredMessage | { readonly messageId: string; readonly gone: true };

/** Lines that say nothing any more, before the file is written anew. */
const MAX_STALE_LINES = 20_000;

export class QueueLog {
  private lines = 0;

  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
  }

  /** What is in the queue, in the order in which it was sent; half a line left by a kill was never answered and is dropped. */
  read(): Map<string, StoredMessage> {
    const messages = new Map<string, StoredMessage>();
    for (const line of LineFile.read(this.file)) {
      const change = JSON.parse(line) as Change;
      if ('gone' in change) messages.delete(change.messageId);
      else messages.set(change.messageId, change);
    }
    this.rewrite(messages);
    return messages;
  }

  /** On disk when it returns. `messages` is what the queue holds after the changes. */
  append(changes: readonly Change[], messages: ReadonlyMap<string, StoredMessage>): void {
    if (changes.length === 0) return;
    appendFileSync(this.file, changes.map((change) => `${JSON.stringify(change)}\n`).join(''));
    this.lines += changes.length;
    if (this.lines > messages.size + MAX_STALE_LINES) this.rewrite(messages);
  }

  /** By renaming: a kill leaves the old file or the new one. */
  private rewrite(messages: ReadonlyMap<string, StoredMessage>): void {
    LineFile.replace(
      this.file,
      [...messages.values()].map((message) => JSON.stringify(message)),
    );
    this.lines = messages.size;
  }
}
