// Owns notices as mails to the payer: to the contact of the account as it is now, once as far as both Regions know.
// Leaves to domain/notice-mail.ts how it reads, to the mail sender the way there.
import type { Notice } from '../domain/notice.ts';
import { mailOf } from '../domain/notice-mail.ts';
import type { Clock } from '../ports/clock.ts';
import type { MailSender } from '../ports/mail-sender.ts';
import { type Delivery, NotDelivered, type Notifier } from '../ports/notifier.ts';
import { type Profiles, ProfilesUnavailable } from '../ports/profiles.ts';
import { type SentMails, SentMailsUnavailable } from '../ports/sent-mails.ts';
import { errorFields, type Telemetry } from '../shared/telemetry.ts';

export interface EmailNotifierDeps {
  readonly profiles: Pick<Profiles, 'get'>;
  readonly sentMails: SentMails;
  readonly sender: MailSender;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

export class EmailNotifier implements Notifier {
  constructor(private readonly deps: EmailNotifierDeps) {}

  async deliver(notice: Notice): Promise<Delivery> {
    const { sender, sentMails } = this.deps;
    const to = await asNotDelivered(this.deps.profiles.get(notice.accountId).then((profile) => profile?.email));
    if (to === undefined || (await asNotDelivered(sentMails.has(notice.id)))) return 'unwanted';
    if ((await sender.send({ noticeId: notice.id, to, ...mailOf(notice) })) === 'undeliverable') return 'undeliverable';
    await this.#remember(notice);
    return 'delivered';
  }

  /** The mail is out: failing here would send it once more for certain, forgetting it does so only in the other Region. */
  async #remember({ id, accountId }: Notice): Promise<void> {
    try {
      await this.deps.sentMails.remember(id, this.deps.clock.nowMs());
    } catch (error) {
      this.deps.telemetry.warn('a mail that was sent is not remembered', { accountId, ...errorFields(error) });
    }
  }
}

/** A table that does not answer is an outage like the mail service's: it shall burn no message. */
const asNotDelivered = async <T>(read: Promise<T>): Promise<T> => {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ProfilesUnavailable || error instanceof SentMailsUnavailable) {
      throw new NotDelivered(error.message, { cause: error });
    }
    throw error;
  }
};
