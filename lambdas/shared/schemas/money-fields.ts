// Owns the fields of money in requests: amounts, currency, payment method.
// Leaves to domain/money.ts what is done with them.
import * as z from 'zod';
import { type Currency, currency as knownCurrency, minor } from '../../domain/money.ts';

/** 10^12 minor units: CONTRACT, money. */
const MAX_AMOUNT_MINOR = 1_000_000_000_000;

/** Payments and refunds. */
export const positiveAmountMinor = z
  .int('must be an integer')
  .min(1, 'must be at least 1')
  .max(MAX_AMOUNT_MINOR, `must be at most ${MAX_AMOUNT_MINOR}`)
  .meta({ description: "In the currency's minor unit", examples: [4250] })
  .transform(minor);

/** Bill lines and adjustments: either sign, never 0. */
export const signedAmountMinor = z
  .int('must be an integer')
  .min(-MAX_AMOUNT_MINOR, `must be at least ${-MAX_AMOUNT_MINOR}`)
  .max(MAX_AMOUNT_MINOR, `must be at most ${MAX_AMOUNT_MINOR}`)
  .refine((amount) => amount !== 0, 'must not be 0')
  .meta({ description: "In the currency's minor unit, either sign, never 0", examples: [-1500], not: { const: 0 } })
  .transform(minor);

export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code of three capital letters')
  .refine((code) => knownCurrency(code) !== undefined, 'must be a currency of ISO 4217')
  .meta({ description: 'ISO 4217', examples: ['USD'] })
  .transform((code) => code as Currency);

export const paymentMethod = z
  .string()
  .regex(/^[a-z0-9_-]{1,32}$/, 'must be 1 to 32 of a-z 0-9 _ -')
  .meta({ description: "A token of the payer's portal, never a card number", examples: ['card_on_file'] });
