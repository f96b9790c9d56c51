// Owns the twin of a mail service in memory: it keeps what was sent, and refuses what it is told to.
// Leaves to adapters/ses-mail-sender.ts the mails that arrive.
import type { Mail, MailSender } from '../../ports/mail-sender.ts';
import { NotDelivered } from '../../ports/notifier.ts';

export class MemoryMailSender implements MailSender {
  readonly sent: Mail[] = [];
  /** What becomes of the mails of now. */
  state: 'sends' | 'refuses' | 'pauses' = 'sends';

  async send(mail: Mail): Promise<'sent' | 'undeliverable'> {
    if (this.state === 'pauses') throw new NotDelivered('sending is paused');
    if (this.state === 'refuses') return 'undeliverable';
    this.sent.push(mail);
    return 'sent';
  }
}
