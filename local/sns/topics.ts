// Owns the topics of a Region: what is published to one of them is kept, once it is known to be there.
// Leaves to endpoint.ts who may publish, to pages.ts how it is kept.
import { randomUUID } from 'node:crypto';
import { appendPage, type PublishedPage } from './pages.ts';

export interface TopicsOptions {
  readonly arns: readonly string[];
  readonly dataDir: string;
  readonly onPage: (page: PublishedPage) => void;
  readonly nowMs: () => number;
}

export class Topics {
  constructor(private readonly options: TopicsOptions) {}

  has(arn: string): boolean {
    return this.options.arns.includes(arn);
  }

  /** The id of the message. */
  publish(page: Omit<PublishedPage, 'messageId' | 'atMs'>): string {
    const { dataDir, onPage, nowMs } = this.options;
    const published = { messageId: randomUUID(), atMs: nowMs(), ...page };
    appendPage(dataDir, published);
    onPage(published);
    return published.messageId;
  }
}
