// Owns the proof that a payer is written to once, at the address of now, and that no address leaves in a log.
import { expect, test } from '@jest/globals';
import { MemoryMailSender } from '../../../lambdas/adapters/memory/mail-sender.ts';
import { MemoryProfiles } from '../../../lambdas/adapters/memory/profiles.ts';
import { MemorySentMails } from '../../../lambdas/adapters/memory/sent-mails.ts';
import type { AccountId } from '../../../lambdas/domain/ids.ts';
import type { Notice } from '../../../lambdas/domain/notice.ts';
import { ProfilesUnavailable } from '../../../lambdas/ports/profiles.ts';
import { SentMailsUnavailable } from '../../../lambdas/ports/sent-mails.ts';
import { EmailNotifier } from '../../../lambdas/send-notice/email-notifier.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';

const ACCOUNT = 'us_a' as AccountId;
const NOTICE = {
  id: 'MXx1c19h',
  type: 'payment-settled',
  accountId: ACCOUNT,
  occurredAt: '2026-11-02T12:00:00.000Z',
  currency: 'USD',
  amountMinor: 4_250,
} as Notice;

const setUp = async () => {
  const deps = {
    profiles: new MemoryProfiles(),
    sentMails: new MemorySentMails(),
    sender: new MemoryMailSender(),
    clock: new ManualClock(0),
    telemetry: new RecordingTelemetry(),
  };
  await deps.profiles.putIfAbsent({ accountId: ACCOUNT, name: 'Ada' });
  await deps.profiles.setEmail(ACCOUNT, 'ada@example.com');
  return { ...deps, deps };
};

test('a notice is mailed under its id, and once, whichever Region hears of it again', async () => {
  const { deps, sender } = await setUp();
  expect(await new EmailNotifier(deps).deliver(NOTICE)).toBe('delivered');
  expect(await new EmailNotifier(deps).deliver(NOTICE)).toBe('unwanted');
  expect(sender.sent).toMatchObject([
    { noticeId: 'MXx1c19h', to: 'ada@example.com', subject: 'Receipt for your payment' },
  ]);
});

test('an erased address gets nothing', async () => {
  const { deps, profiles, sender } = await setUp();
  await profiles.setEmail(ACCOUNT, null);
  expect(await new EmailNotifier(deps).deliver(NOTICE)).toBe('unwanted');
  expect(sender.sent).toEqual([]);
});

test('what was not sent is not remembered: it is sent once sending goes on', async () => {
  const { deps, sender } = await setUp();
  sender.state = 'pauses';
  await expect(new EmailNotifier(deps).deliver(NOTICE)).rejects.toMatchObject({ name: 'NotDelivered' });
  sender.state = 'refuses';
  expect(await new EmailNotifier(deps).deliver(NOTICE)).toBe('undeliverable');
  sender.state = 'sends';
  expect(await new EmailNotifier(deps).deliver(NOTICE)).toBe('delivered');
});

test('tables that are away are an outage before the mail, and no failure after it', async () => {
  const { deps, profiles, sentMails, sender, telemetry } = await setUp();
  sentMails.remember = () => Promise.reject(new SentMailsUnavailable('PutItem failed'));
  expect(await new EmailNotifier(deps).deliver(NOTICE)).toBe('delivered');
  expect(telemetry.lines).toMatchObject([{ level: 'warn', message: 'a mail that was sent is not remembered' }]);
  sentMails.has = () => Promise.reject(new SentMailsUnavailable('GetItem failed'));
  await expect(new EmailNotifier(deps).deliver(NOTICE)).rejects.toMatchObject({ name: 'NotDelivered' });
  profiles.get = () => Promise.reject(new ProfilesUnavailable('GetItem failed'));
  await expect(new EmailNotifier(deps).deliver(NOTICE)).rejects.toMatchObject({ name: 'NotDelivered' });
  expect(sender.sent).toHaveLength(1);
  expect(telemetry.text).not.toContain('ada@example.com');
});
