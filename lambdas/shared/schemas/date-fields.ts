// Owns the fields of months and days in requests.
// Leaves to the domain which of them make sense together.
import * as z from 'zod';
import type { IsoDate, Period } from '../../domain/ids.ts';

export const period = z
  .string()
  .regex(/^(19|20|21)\d{2}-(0[1-9]|1[0-2])$/, 'must be a month, YYYY-MM')
  .meta({ description: 'The month billed', examples: ['2026-10'] })
  .transform((text) => text as Period);

export const dueDate = z.iso
  .date('must be a real date, YYYY-MM-DD')
  .meta({ examples: ['2026-11-15'] })
  .transform((text) => text as IsoDate);

export const calendarDate = z.iso
  .date('must be a real date, YYYY-MM-DD')
  .meta({ description: "The first day, by the account's time zone", examples: ['2026-10-01'] })
  .transform((text) => text as IsoDate);
