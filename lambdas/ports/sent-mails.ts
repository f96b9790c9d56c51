// Owns the memory of mails that were sent: both Regions hear of every fact, and a person drops no duplicates.
// Leaves to the notice id in each mail what slips through: a mail may be sent and not remembered.

export interface SentMails {
  /** Whether this Region knows of it. @throws SentMailsUnavailable */
  has(noticeId: string): Promise<boolean>;
  /** Kept for longer than a notice is tried. @throws SentMailsUnavailable */
  remember(noticeId: string, nowMs: number): Promise<void>;
}

export class SentMailsUnavailable extends Error {
  override readonly name = 'SentMailsUnavailable';
}
