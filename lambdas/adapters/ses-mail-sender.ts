// Owns mails through SES v2: who is written to, with which header, and which refusals are for good.
// Leaves to its callers what becomes of a mail that was not taken. No address of a payer leaves in an error.
import { MessageRejected, SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { type Mail, type MailSender, NOTICE_ID_HEADER } from '../ports/mail-sender.ts';
import { NotDelivered } from '../ports/notifier.ts';
import { AWS_ATTEMPTS, AWS_SOCKETS, AWS_TIMING, type AwsTiming } from '../shared/policies.ts';
import { within } from './dynamo/deadlines.ts';

export interface SesOptions {
  readonly region: string;
  /** Absent: the SDK's own, which `AWS_ENDPOINT_URL_SESV2` can set. */
  readonly endpoint?: string;
  /** Absent: the SDK's own chain (on Lambda, the environment). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly timing?: Partial<AwsTiming>;
}

/** A connection with the deadlines of every client of AWS here. Make one per process and share it. */
export const createSesClient = ({ region, endpoint, credentials, timing }: SesOptions): SESv2Client => {
  const { connectTimeoutMs, requestTimeoutMs } = { ...AWS_TIMING, ...timing };
  const agent = { keepAlive: true, maxSockets: AWS_SOCKETS };
  return new SESv2Client({
    region,
    maxAttempts: AWS_ATTEMPTS,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
};

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
