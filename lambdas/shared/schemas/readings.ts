// Owns `POST /v1/readings` as JSON: what one reading is, and the list of them.
// Leaves to lambdas/readings that a wrong reading does not spoil the others, and the formats of files.
import * as z from 'zod';
import { isPlausibleTime, MAX_DURATION_SECONDS } from '../../domain/readings/bounds.ts';
import { QUALITIES } from '../../domain/readings/interval.ts';
import { catalogId } from './fields.ts';

/** ISO 8601 with an offset: a local time without one is ambiguous for an hour a year. */
const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})$/;

const isInstant = (text: string): boolean => {
  const [, date = ''] = INSTANT.exec(text) ?? [];
  // Date.parse takes 30 February for 2 March.
  return z.iso.date().safeParse(date).success && isPlausibleTime(Date.parse(text));
};

export const reading = z.strictObject({
  meterId: catalogId.meta({ examples: ['3044076134'] }),
  start: z
    .string()
    .refine(isInstant, 'must be an ISO 8601 time in whole seconds with Z or an offset')
    .meta({ format: 'date-time' }),
  durationSeconds: z
    .int()
    .min(1, 'must be at least 1')
    .max(MAX_DURATION_SECONDS, `must be at most ${MAX_DURATION_SECONDS}`),
  wh: z
    .union([z.number(), z.string()], 'must be a number or a decimal as a string')
    .meta({ description: 'Watt hours taken from the grid' }),
  quality: z.enum(QUALITIES, `must be one of ${QUALITIES.join(', ')}`),
});

/** What the document says; the handler holds each reading against the schema by itself. */
export const readingsRequest = z.strictObject({ readings: z.array(reading).min(1, 'must have at least 1 reading') });

/** The list, its entries not looked at yet. */
export const anyReadings = z.strictObject({ readings: z.array(z.unknown()).min(1, 'must have at least 1 reading') });

export const readingsQuery = z.strictObject({
  account: z.string().optional().meta({ description: 'The account that meters join which are nobody’s yet' }),
});

const rejection = z.strictObject({
  line: z.int().meta({ description: '1-based; of a JSON request, the place in its list' }),
  field: z.string(),
  reason: z.string(),
});

export const acceptedReadings = z.strictObject({
  batchId: z.string(),
  accepted: z.int().meta({ description: 'Intervals' }),
  rejected: z.array(rejection),
});

export const batchAnswer = z.strictObject({
  batchId: z.string(),
  status: z.enum(['pending', 'stored']),
  accepted: z.int(),
});
