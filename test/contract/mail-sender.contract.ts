// Owns what a carrier of mail must do.
import { expect, test } from '@jest/globals';
import type { Mail, MailSender } from '../../lambdas/ports/mail-sender.ts';

export interface MailCarrier {
  readonly sender: MailSender;
  /** Id, recipient and texts of what it has taken, oldest first. */
  readonly taken: () => readonly Mail[];
  refuse(): void;
  pause(): void;
}

export const MAIL: Mail = {
  noticeId: 'MXx1c19hfHAjcGF5',
  to: 'ada@example.com',
  subject: 'Receipt for your payment',
  text: 'Amount: USD 42.50\n',
  html: '<p>Łódź &lt;42.50&gt;</p>',
};

export const mailSenderContract = (open: () => Promise<MailCarrier>): void => {
  test('a mail is taken whole, under the id of its notice, as often as it is sent', async () => {
    const { sender, taken } = await open();
    expect(await sender.send(MAIL)).toBe('sent');
    expect(await sender.send(MAIL)).toBe('sent');
    expect(taken()).toEqual([MAIL, MAIL]);
  });

  test('a mail that is refused for good is told as a value', async () => {
    const { sender, taken, refuse } = await open();
    refuse();
    expect(await sender.send(MAIL)).toBe('undeliverable');
    expect(taken()).toEqual([]);
  });

  test('sending that is paused may be tried again, and the error names no address', async () => {
    const { sender, pause } = await open();
    pause();
    const error = await sender.send(MAIL).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'NotDelivered' });
    expect(String((error as Error).stack)).not.toContain('ada@example.com');
  });
};
