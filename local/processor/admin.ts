// Owns the other side of the local processor: its books to reconcile against, its clock to move, and what shall go wrong.
// Leaves to api.ts what a merchant sees of it.
import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import * as z from 'zod';
import type { MovableClock } from '../movable-clock.ts';
import type { ProcessorParts } from './api.ts';
import { FAULT_KINDS, OPERATIONS } from './faults.ts';

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
  app.post('/admin/charges', async (c) => {
    const planted = plantedSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!planted.success) return c.json({ error: z.prettifyError(planted.error) }, 400);
    const { reference, accountId, paymentId, amountMinor, atMs } = planted.data;
    const charge = book.putCharge({
      ...(book.charge(reference) ?? { ...STRANGE, reference, atMs: clock.nowMs() }),
      ...(accountId !== undefined && { accountId }),
      ...(paymentId !== undefined && { paymentId }),
      ...(amountMinor !== undefined && { amountMinor }),
      ...(atMs !== undefined && { atMs }),
    });
    return c.json(charge);
  });
  app.post('/admin/faults', async (c) => {
    const fault = faultSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!fault.success) return c.json({ error: z.prettifyError(fault.error) }, 400);
    faults.add(fault.data);
    return c.json(fault.data);
  });
  app.post('/admin/weather', async (c) => {
    const weather = weatherSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!weather.success) return c.json({ error: z.prettifyError(weather.error) }, 400);
    faults.isDown = weather.data.isDown ?? faults.isDown;
    faults.latencyMs = weather.data.latencyMs ?? faults.latencyMs;
    return c.json({ isDown: faults.isDown, latencyMs: faults.latencyMs });
  });
  app.post('/admin/clock', async (c) => {
    const moved = clockSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!moved.success) return c.json({ error: z.prettifyError(moved.error) }, 400);
    clock.moveTo(clock.offsetMs + moved.data.advanceSeconds * 1000);
    return c.json({ nowMs: clock.nowMs() });
  });
};
