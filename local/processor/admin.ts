// Owns the other side of the local processor: its books to reconcile against, its clock to move, and what shall go wrong.
// Leaves to api.ts what a merchant sees of it.
import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import * as z from 'zod';
import { bodyReader } from '../json-body.ts';
import type { MovableClock } from '../movable-clock.ts';
import type { ProcessorParts } from './api.ts';
import { FAULT_KINDS, OPERATIONS } from './faults.ts';

const withBody = bodyReader('error');

const faultSchema = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  on: z.enum(OPERATIONS),
  count: z.int().min(1).max(1_000_000),
});
const weatherSchema = z.strictObject({
  isDown: z.boolean().optional(),
  latencyMs: z.int().min(0).max(60_000).optional(),
});
const plantedSchema = z.strictObject({
  reference: z.string().regex(/^[A-Za-z0-9_-]{1,255}$/),
  accountId: z.string().optional(),
  paymentId: z.string().optional(),
  amountMinor: z.int().min(1).optional(),
  atMs: z.int().min(0).optional(),
});
/** What a charge is that was made by nobody's order. */
const STRANGE = { amountMinor: 100, currency: 'USD', method: 'card', status: 'collected' } as const;
const clockSchema = z.strictObject({ advanceSeconds: z.int().min(1).max(31_536_000) });

/** `GET /admin/books`, `POST /admin/charges` (plants a charge, or changes one),  `POST /admin/faults`, `POST /admin/weather`, `POST /admin/clock`. */
export const addProcessorAdmin = (
  app: Hono<{ Bindings: HttpBindings }>,
  { book, faults }: ProcessorParts,
  clock: MovableClock,
): void => {
  app.get('/admin/books', (c) => c.json(book.report()));
  app.post('/admin/charges', (c) =>
    withBody(c, plantedSchema, ({ reference, accountId, paymentId, amountMinor, atMs }) => {
      const charge = book.putCharge({
        ...(book.charge(reference) ?? { ...STRANGE, reference, atMs: clock.nowMs() }),
        ...(accountId !== undefined && { accountId }),
        ...(paymentId !== undefined && { paymentId }),
        ...(amountMinor !== undefined && { amountMinor }),
        ...(atMs !== undefined && { atMs }),
      });
      return c.json(charge);
    }),
  );
  app.post('/admin/faults', (c) =>
    withBody(c, faultSchema, (fault) => {
      faults.add(fault);
      return c.json(fault);
    }),
  );
  app.post('/admin/weather', (c) =>
    withBody(c, weatherSchema, ({ isDown = faults.isDown, latencyMs = faults.latencyMs }) => {
      faults.isDown = isDown;
      faults.latencyMs = latencyMs;
      return c.json({ isDown, latencyMs });
    }),
  );
  app.post('/admin/clock', (c) =>
    withBody(c, clockSchema, ({ advanceSeconds }) => {
      clock.moveTo(clock.offsetMs + advanceSeconds * 1000);
      return c.json({ nowMs: clock.nowMs() });
    }),
  );
};
