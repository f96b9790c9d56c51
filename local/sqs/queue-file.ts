// Owns what the app uses of SQS now: a queue that failure records are sent to and that keeps them on disk.
// Receiving, visibility and redrive belong to the queues that have workers; there are none yet.
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { QueuePlan } from '../assembly/plan.ts';
import type { RegionAdminState } from '../processes.ts';

interface StoredMessage {
  readonly messageId: string;
  readonly sentAtMs: number;
  readonly body: string;
}

export class QueueFile {
  private readonly file: string;
  private visible = 0;
  private oldestSentAtMs: number | undefined;

  /** Opens what an earlier run left: a Region that was killed finds its messages again. */
  constructor(
    dataDir: string,
    readonly plan: QueuePlan,
    private readonly nowMs: () => number,
  ) {
    mkdirSync(join(dataDir, 'queues'), { recursive: true });
    this.file = join(dataDir, 'queues', `${plan.name}.jsonl`);
    const messages = this.messages();
    this.visible = messages.length;
    this.oldestSentAtMs = messages[0]?.sentAtMs;
  }

  /** On disk when it returns. */
  send(body: string): void {
    const message: StoredMessage = { messageId: randomUUID(), sentAtMs: this.nowMs(), body };
    appendFileSync(this.file, `${JSON.stringify(message)}\n`);
    this.visible += 1;
    this.oldestSentAtMs ??= message.sentAtMs;
  }

  messages(): readonly StoredMessage[] {
    if (!existsSync(this.file)) return [];
    const text = readFileSync(this.file, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    // A kill in the middle of a write leaves half a line, which was never acknowledged.
    if (whole.length < text.length) truncateSync(this.file, Buffer.byteLength(whole));
    return whole
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as StoredMessage);
  }

  state(): RegionAdminState['queues'][number] {
    const oldestAgeMs = this.oldestSentAtMs === undefined ? 0 : this.nowMs() - this.oldestSentAtMs;
    return { slug: this.plan.slug, visible: this.visible, inFlight: 0, oldestAgeMs, dlq: 0 };
  }
}
