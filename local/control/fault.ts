// Owns the shape of a ledger fault that is asked for from outside.
// Leaves to local/dynamodb/ledger what each kind does.
import * as z from 'zod';
import { FAULT_KINDS } from '../dynamodb/ledger/faults.ts';
import type { ScopedFault } from '../processes.ts';

const MAX_COUNT = 100_000;
const MAX_DELAY_MS = 10_000;

export const ledgerFault = (regions: readonly string[]): z.ZodType<ScopedFault> =>
  z
    .strictObject({
      kind: z.enum(FAULT_KINDS),
      region: z.enum(regions),
      count: z.int().min(0).max(MAX_COUNT),
      sortKeyPrefix: z.string().max(64).optional(),
      sortKeySuffix: z.string().max(64).optional(),
      delayMs: z.int().min(1).max(MAX_DELAY_MS).optional(),
    })
    .refine(({ kind, delayMs }) => (kind === 'slow') === (delayMs !== undefined), 'slow, and nothing else, has delayMs')
    // The refinement ties the delay to its kind, which a schema of one shape cannot say in types.
    .transform((fault) => fault as ScopedFault);
