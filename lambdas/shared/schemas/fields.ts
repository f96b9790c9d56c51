// Owns the fields that requests are made of: their shape, their bounds, their words when refused.
// Leaves to money-fields.ts and date-fields.ts those that a payment or a lookup needs alone: every schema made is time of a cold
// start. Leaves to requests.ts which fields a request has. What was checked here has its branded type from here on.
import * as z from 'zod';
import { type AccountId, CATALOG_ID, CATALOG_ID_RULE } from '../../domain/ids.ts';

/** Control characters, line separators and halves of surrogate pairs have no place in what a payer reads. */
const PRINTABLE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u;

const text = (maxLength: number): z.ZodString =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(maxLength, `must have at most ${maxLength} characters`)
    .regex(PRINTABLE, 'must not hold control characters')
    .regex(/\S/, 'must not be blank');

export const accountId = z
  .string()
  .regex(/^[a-z]{2}_[A-Za-z0-9_-]{1,60}$/, 'must be a jurisdiction, an underscore and 1 to 60 of A-Z a-z 0-9 _ -')
  .meta({ description: 'The jurisdiction and a name within it', examples: ['us_1001'] })
  .transform((text) => text as AccountId);

export const reason = text(200).meta({ description: 'Why, for the audit trail', examples: ['meter misread'] });

export const lineDescription = text(200).meta({ examples: ['Energy, 412 kWh'] });

export const accountName = text(200).meta({ description: 'Kept apart from money data', examples: ['A. Payer'] });

/** ASCII on both sides of the @: SES takes no other local part. 254: RFC 5321, 4.5.3.1.3, less the angle brackets. */
export const emailAddress = z
  .email('must be an e-mail address, or null for none')
  .max(254, 'must have at most 254 characters')
  .meta({ description: 'Kept apart from money data', examples: ['payer@example.com'] });

/** Of a tariff or a meter. */
export const catalogId = z
  .string()
  .regex(CATALOG_ID, CATALOG_ID_RULE)
  .meta({ examples: ['tariff-11'] });

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** Names only: offsets such as `+05:00` are known to newer runtimes and not to older ones. */
export const timeZone = z
  .string()
  .max(64, 'must have at most 64 characters')
  .regex(/^[A-Za-z][A-Za-z0-9_+/-]*$/, 'must be a name of the IANA time zone database')
  .refine(isTimeZone, 'must be a time zone this runtime knows')
  .meta({ description: 'IANA name', examples: ['America/New_York'] });

export const position = z
  .string()
  .min(1, 'must not be empty')
  .max(512, 'must have at most 512 characters')
  .regex(/^[A-Za-z0-9_-]+$/, 'must be a position as an answer gave it')
  .meta({ description: 'Opaque: where a fact is', examples: ['MXx1c18xMDAxfHAjcGF5XzAjMDAw'] });
