// Owns how a notice reads as a mail: a subject without any particulars, a plain text, and the same as a small page.
// Leaves to domain/notice.ts what is told. A name or an address is in none of them.
import { exponentOf, currency as knownCurrency } from './money.ts';
import type { Notice } from './notice.ts';

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** ASCII: a subject is a header line. */
const SUBJECTS: Readonly<Record<Notice['type'], string>> = {
  'payment-accepted': 'We have your payment',
  'payment-settled': 'Receipt for your payment',
  'payment-declined': 'Your payment was declined',
  'refund-accepted': 'Your refund is on its way',
  'refund-settled': 'Your refund was sent',
  'refund-failed': 'Your refund could not be sent',
  'bill-issued': 'Your bill is ready',
  'credit-note-issued': 'A bill of yours was credited',
};

export const mailOf = (notice: Notice): MailText => {
  const subject = SUBJECTS[notice.type];
  const rows = rowsOf(notice);
  return {
    subject,
    text: [subject, '', ...rows.map(([label, value]) => `${label}: ${value}`), ''].join('\n'),
    html: [
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head><body>`,
      `<h1>${escaped(subject)}</h1><dl>`,
      ...rows.map(([label, value]) => `<dt>${escaped(label)}</dt><dd>${escaped(value)}</dd>`),
      '</dl></body></html>',
    ].join('\n'),
  };
};

const rowsOf = (notice: Notice): readonly (readonly [label: string, value: string])[] => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Account', notice.accountId],
    ['Amount', amountText(notice.amountMinor, notice.currency)],
    ['Time', notice.occurredAt],
    ['Payment', notice.paymentId],
    ['Bill', notice.billId],
    ['Reason', notice.reason],
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]));
};

/** `USD 42.50`, in the decimals of ISO 4217 and without anybody's grouping. @throws RangeError for an unknown currency */
const amountText = (amountMinor: number, code: string): string => {
  const currency = knownCurrency(code);
  if (currency === undefined) throw new RangeError(`no ISO 4217 exponent for ${code}`);
  const decimals = exponentOf(currency);
  const digits = String(Math.abs(amountMinor)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
  return `${code} ${amountMinor < 0 ? '-' : ''}${whole}${fraction}`;
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
