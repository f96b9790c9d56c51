// Owns the query strings of the lookups, each strict: a misspelt `from` must not answer for all time.
// Leaves to requests.ts what the bodies are made of. Everything arrives as text.
import * as z from 'zod';
import { period } from './date-fields.ts';

const instant = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 instant with a zone, such as 2026-10-01T00:00:00Z' })
  .meta({ examples: ['2026-10-01T00:00:00Z'] });

const cursor = z
  .string()
  .min(1, 'must not be empty')
  .max(512, 'must have at most 512 characters')
  .meta({ description: 'nextCursor of the page before' });

const limit = (max: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,2}$/, `must be an integer from 1 to ${max}`)
    .refine((text) => Number(text) <= max, `must be an integer from 1 to ${max}`)
    .meta({ description: `1 to ${max}` });

export const balanceQuery = z.strictObject({ asOf: instant.optional() });

export const MAX_STATEMENT_LINES = 200;
export const DEFAULT_STATEMENT_LINES = 50;
export const statementQuery = z
  .strictObject({
    from: instant.optional(),
    to: instant.optional(),
    limit: limit(MAX_STATEMENT_LINES).optional(),
    cursor: cursor.optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) <= Date.parse(to), {
    path: ['to'],
    message: 'must not be before from',
  });

export const previewQuery = z.strictObject({ period });

export const MAX_BILLS = 100;
export const DEFAULT_BILLS = 24;
export const billsQuery = z.strictObject({ limit: limit(MAX_BILLS).optional(), cursor: cursor.optional() });
