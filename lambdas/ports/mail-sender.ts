// Owns how one mail is handed to whoever carries mail.
// Leaves to its callers whom to write to, and to the receivers to drop a notice id that they have seen.
import type { MailText } from '../domain/notice-mail.ts';

/** The header, and the tag, that names the notice in a mail: the same however often it is sent. */
export const NOTICE_ID_HEADER = 'Baseload-Notice-Id';

export interface Mail extends MailText {
  readonly noticeId: string;
  readonly to: string;
}

export interface MailSender {
  /**
   * `undeliverable`: this mail is refused for good, whoever else gets theirs.
   * @throws NotDelivered when it may be tried again; its message names no address
   */
  send(mail: Mail): Promise<'sent' | 'undeliverable'>;
}
