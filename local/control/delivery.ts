// Owns the routes by which deliveries are made to go wrong, and a stream is read again, in one Region.
// Leaves to delivery-faults.ts what the faults mean.
import type { Context, Hono } from 'hono';
import * as z from 'zod';
import {
  DELIVERY_FAULTS,
  type DeliveryFault,
  type DeliverySource,
  MAX_FAULT_DELAY_SECONDS,
} from '../delivery-faults.ts';
import type { ControlOptions, RegionControls } from './app.ts';
import { inRegion, noSuch, withBody } from './requests.ts';

const MAX_COUNT = 100_000;

const faultSchema = z.strictObject({
  kind: z.enum(DELIVERY_FAULTS),
  count: z.int().min(0).max(MAX_COUNT),
  delaySeconds: z.int().min(1).max(MAX_FAULT_DELAY_SECONDS).optional(),
});
const streamFaultSchema = faultSchema.extend({ sortKeyPrefix: z.string().max(64).optional() });

/** `POST /api/queues/{region}/{slug}/faults`, `POST /api/streams/{region}/faults`, `POST /api/streams/{region}/reread`. */
export const addDeliveryRoutes = (app: Hono, { regions, queues }: Pick<ControlOptions, 'regions' | 'queues'>): void => {
  app.post(
    '/api/queues/:region/:slug/faults',
    inRegion(regions, async (c, region) => {
      const slug = c.req.param('slug') ?? '';
      if (!queues.includes(slug)) return noSuch(c, 'queue', slug, queues);
      return order(c, region, { kind: 'queue', slug }, faultSchema);
    }),
  );
  app.post(
    '/api/streams/:region/faults',
    inRegion(regions, (c, region) => order(c, region, { kind: 'stream' }, streamFaultSchema)),
  );
  app.post(
    '/api/streams/:region/reread',
    inRegion(regions, async (c, region, name) => {
      await region.rereadStream();
      return c.json({ region: name });
    }),
  );
};

const order = (
  c: Context,
  region: RegionControls,
  source: DeliverySource,
  schema: typeof faultSchema | typeof streamFaultSchema,
): Promise<Response> =>
  withBody<z.infer<typeof streamFaultSchema>>(c, schema, async (body) => {
    const fault = body as DeliveryFault;
    if (fault.kind === 'delay' && fault.count > 0 && fault.delaySeconds === undefined)
      return c.json({ message: 'delaySeconds: a delay needs to know how long' }, 400);
    await region.injectFault(source, fault);
    return c.json(fault);
  });
