import { expect, test } from '@jest/globals';
import type { Notice } from '../../lambdas/domain/notice.ts';
import { mailOf } from '../../lambdas/domain/notice-mail.ts';

const notice = (changes: object) =>
  ({
    id: 'MXx1c19h',
    type: 'payment-declined',
    accountId: 'us_a',
    occurredAt: '2026-11-02T12:00:00.000Z',
    currency: 'USD',
    amountMinor: 4_205,
    paymentId: 'pay_a',
    reason: 'insufficient-funds',
    ...changes,
  }) as Notice;

test('a notice as a mail: what happened, how much, which', () => {
  expect(mailOf(notice({}))).toEqual({
    subject: 'Your payment was declined',
    text: 'Your payment was declined\n\nAccount: us_a\nAmount: USD 42.05\nTime: 2026-11-02T12:00:00.000Z\nPayment: pay_a\nReason: insufficient-funds\n',
    html: expect.stringContaining('<dt>Amount</dt><dd>USD 42.05</dd>'),
  });
});

test('whatever it tells is text, never markup', () => {
  const { html } = mailOf(notice({ reason: `<a href="https://evil.test">'&` }));
  expect(html).toContain('<dd>&lt;a href=&quot;https://evil.test&quot;&gt;&#39;&amp;</dd>');
});

test.each([
  ['JPY', 4_205, 'JPY 4205'],
  ['KWD', 5, 'KWD 0.005'],
  ['USD', 0, 'USD 0.00'],
  ['USD', -150, 'USD -1.50'],
])('%s %i is written %s', (currency, amountMinor, expected) => {
  expect(mailOf(notice({ currency, amountMinor })).text).toContain(`Amount: ${expected}\n`);
});
