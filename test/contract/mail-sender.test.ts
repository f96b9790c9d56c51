import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SESv2Client } from '@aws-sdk/client-sesv2';
import { afterEach, describe, expect, test } from '@jest/globals';
import { MemoryMailSender } from '../../lambdas/adapters/memory/mail-sender.ts';
import { createSesClient, SesMailSender } from '../../lambdas/adapters/ses-mail-sender.ts';
import { type LocalSes, startLocalSes } from '../local-units/ses/local-ses.ts';
import { MAIL, mailSenderContract } from './mail-sender.contract.ts';

describe('mails in memory', () => {
  mailSenderContract(async () => {
    const sender = new MemoryMailSender();
    const become = (state: typeof sender.state) => () => {
      sender.state = state;
    };
    return { sender, taken: () => sender.sent, refuse: become('refuses'), pause: become('pauses') };
  });
});

describe('mails through SES', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  const client = (endpoint: string): SESv2Client => {
    const made = createSesClient({
      region: 'us-east-1',
      endpoint,
      credentials: { accessKeyId: 'operator', secretAccessKey: 'x' },
    });
    closing.push(() => made.destroy());
    return made;
  };
  const senderAt = (url: string) =>
    new SesMailSender(client(url), { from: 'billing@us.example.com', configurationSet: 'notices' });
  /** Answers every request with one refusal, as SES writes it. */
  const refusing = async (status: number, type: string, message: string): Promise<string> => {
    const server: Server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type });
      response.end(JSON.stringify({ message }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  mailSenderContract(async () => {
    const ses: LocalSes = await startLocalSes();
    closing.push(() => ses.stop());
    const refusals = {
      bad: await refusing(400, 'BadRequestException', 'Illegal address ada@example.com'),
      paused: await refusing(400, 'SendingPausedException', 'Sending to ada@example.com is paused'),
    };
    let url = ses.url;
    return {
      sender: { send: (mail) => senderAt(url).send(mail) },
      taken: () =>
        ses.outbox().map(({ to, subject, text, html, headers }) => ({
          noticeId: headers['Baseload-Notice-Id'] ?? '',
          to: to.join(),
          subject,
          text,
          html,
        })),
      refuse: () => {
        url = refusals.bad;
      },
      pause: () => {
        url = refusals.paused;
      },
    };
  });

  test.each([
    [400, 'MessageRejected', 'Local address contains control or whitespace', 'undeliverable'],
    [
      400,
      'MessageRejected',
      'Email address is not verified. The following identities failed the check',
      'NotDelivered',
    ],
    [400, 'MailFromDomainNotVerifiedException', 'no', 'NotDelivered'],
    [429, 'TooManyRequestsException', 'Maximum sending rate exceeded.', 'NotDelivered'],
    [400, 'LimitExceededException', 'Daily message quota exceeded.', 'NotDelivered'],
    [400, 'AccountSuspendedException', 'suspended', 'NotDelivered'],
    [403, 'AccessDeniedException', 'no', 'NotDelivered'],
    [500, 'InternalServiceErrorException', 'no', 'NotDelivered'],
  ])('%i %s "%s" is %s', async (status, type, message, expected) => {
    const sent = senderAt(await refusing(status, type, message)).send(MAIL);
    expect(await sent.catch((error: Error) => error.name)).toBe(expected);
  });
});
