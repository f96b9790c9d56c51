// Owns how a payer's side is told of a fact: at least once, each notice under an id that never changes.
// Leaves to domain/notice.ts what is worth telling, to the adapters the way there.
import type { Notice } from '../domain/notice.ts';

/** `unwanted`: nobody is there to be told. `undeliverable`: the other side refused it for good, and trying again cannot help. */
export type Delivery = 'delivered' | 'unwanted' | 'undeliverable';

export interface Notifier {
  /** @throws NotDelivered; it may have been taken all the same, and is to be tried again */
  deliver(notice: Notice): Promise<Delivery>;
}

export class NotDelivered extends Error {
  override readonly name = 'NotDelivered';
}
