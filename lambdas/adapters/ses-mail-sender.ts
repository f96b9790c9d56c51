// Owns mails through SES v2: who is written to, with which header, and which refusals are for good.
// Leaves to its callers what becomes of a mail that was not taken. No address of a payer leaves in an error.
import { MessageRejected, SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { type Mail, type MailSender, NOTICE_ID_HEADER } from '../ports/mail-sender.ts';
import { NotDelivered } from '../ports/notifier.ts';
import { AWS_TIMING } from '../shared/policies.ts';
import { type AwsClientOptions, awsClientConfig } from './aws-client.ts';
import { within } from './deadlines.ts';

export const createSesClient = (options: AwsClientOptions): SESv2Client => new SESv2Client(awsClientConfig(options));

export interface SesSender {
  /** The address in `From`. */
  readonly from: string;
  readonly configurationSet: string;
}

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });

export class SesMailSender implements MailSender {
  constructor(
    private readonly client: SESv2Client,
    private readonly sender: SesSender,
    private readonly deadlineMs: number = AWS_TIMING.callDeadlineMs,
  ) {}

  async send({ noticeId, to, subject, text, html }: Mail): Promise<'sent' | 'undeliverable'> {
    const command = new SendEmailCommand({
      FromEmailAddress: this.sender.from,
      Destination: { ToAddresses: [to] },
      ConfigurationSetName: this.sender.configurationSet,
      Content: {
        Simple: {
          Subject: utf8(subject),
          Body: { Text: utf8(text), Html: utf8(html) },
          Headers: [{ Name: NOTICE_ID_HEADER, Value: noticeId }],
        },
      },
      EmailTags: [{ Name: NOTICE_ID_HEADER, Value: noticeId }],
    });
    try {
      await within(this.deadlineMs, (abortSignal) => this.client.send(command, { abortSignal }));
      return 'sent';
    } catch (error) {
      if (isForGood(error)) return 'undeliverable';
      // Without the cause: SES repeats addresses in its messages.
      throw new NotDelivered(`SES did not take the mail: ${error instanceof Error ? error.name : 'no error'}`);
    }
  }
}

/**
 * Refusals of this one mail. That an identity is not verified comes as MessageRejected too, and is ours to mend: every mail is
 * refused then, none for good. Throttling, paused sending and everything else SES may say passes.
 */
const isForGood = (error: unknown): boolean =>
  error instanceof MessageRejected
    ? !/not verified/i.test(error.message)
    : error instanceof Error && error.name === 'BadRequestException';
