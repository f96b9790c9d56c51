// Owns the check of a ledger fault before it is passed on.
import * as z from 'zod';
import type { ScopedFault } from '../processes.ts';

const MAX_COUNT = 100_000;

/** The parsed fault, or one line that says what is wrong with it. */
export const parseFault = (body: unknown, regions: readonly string[]): ScopedFault | { readonly problem: string } => {
  const shape = z.strictObject({
    kind: z.enum(['write-conflict', 'lost-answer', 'witness-only', 'throttle', 'silent']),
    region: z.enum(regions as [string, ...string[]]),
    count: z.int().min(0).max(MAX_COUNT),
    sortKeyPrefix: z.string().max(64).optional(),
    sortKeySuffix: z.string().max(64).optional(),
  });
  const parsed = shape.safeParse(body);
  if (parsed.success) {
    const { sortKeyPrefix, sortKeySuffix, ...fault } = parsed.data;
    return {
      ...fault,
      ...(sortKeyPrefix === undefined ? {} : { sortKeyPrefix }),
      ...(sortKeySuffix === undefined ? {} : { sortKeySuffix }),
    };
  }
  return {
    problem: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; '),
  };
};
