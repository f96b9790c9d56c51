// Owns the check of a ledger fault before it is passed on.
import * as z from 'zod';
import type { ScopedFault } from '../processes.ts';

const MAX_COUNT = 100_000;
const MAX_DELAY_MS = 10_000;

/** The parsed fault, or one line that says what is wrong with it. */
export const parseFault = (body: unknown, regions: readonly string[]): ScopedFault | { readonly problem: string } => {
  const shape = z
    .strictObject({
      kind: z.enum(['write-conflict', 'lost-answer', 'witness-only', 'throttle', 'silent', 'slow']),
      region: z.enum(regions as [string, ...string[]]),
      count: z.int().min(0).max(MAX_COUNT),
      sortKeyPrefix: z.string().max(64).optional(),
      sortKeySuffix: z.string().max(64).optional(),
      delayMs: z.int().min(1).max(MAX_DELAY_MS).optional(),
    })
    .refine(
      ({ kind, delayMs }) => (kind === 'slow') === (delayMs !== undefined),
      'slow, and nothing else, has delayMs',
    );
  const parsed = shape.safeParse(body);
  // The refinement ties the delay to its kind, which a schema of one shape cannot say in types.
  if (parsed.success) return parsed.data as ScopedFault;
  return {
    problem: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; '),
  };
};
