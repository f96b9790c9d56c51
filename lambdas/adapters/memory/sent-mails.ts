// Owns the twin of the memory of sent mails, for one process.
// Leaves to adapters/dynamo/sent-mails.ts what both Regions know.
import type { SentMails } from '../../ports/sent-mails.ts';

export class MemorySentMails implements SentMails {
  readonly #sent = new Set<string>();

  async has(noticeId: string): Promise<boolean> {
    return this.#sent.has(noticeId);
  }

  async remember(noticeId: string): Promise<void> {
    this.#sent.add(noticeId);
  }
}
