// Owns how a payer's side is told of a fact: at least once, each notice under an id that never changes.
// Leaves to domain/notice.ts what is worth telling, to the adapters the way there.
import type { Notice } from '../domain/notice.ts';

export interface Notifier {
  /** Resolves once the other side has taken it. @throws NotDelivered; it may have been taken all the same */
  deliver(notice: Notice): Promise<void>;
}

export class NotDelivered extends Error {
  override readonly name = 'NotDelivered';
}
