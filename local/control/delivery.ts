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
import type { ControlOptions } from './app.ts';

const MAX_COUNT = 100_000;

const faultSchema = z.strictObject({
  kind: z.enum(DELIVERY_FAULTS),
  count: z.int().min(0).max(MAX_COUNT),
  delaySeconds: z.int().min(1).max(MAX_FAULT_DELAY_SECONDS).optional(),
});
const streamFaultSchema = faultSchema.extend({ sortKeyPrefix: z.string().max(64).optional() });

type Deliveries = Pick<ControlOptions, 'regions' | 'queues'>;

export const unknownRegion = ({ regions }: Pick<ControlOptions, 'regions'>, name = ''): string =>
  `unknown Region ${name}: there are ${[...regions.keys()].join(', ')}`;

/** `POST /api/queues/{region}/{slug}/faults`, `POST /api/streams/{region}/faults`, `POST /api/streams/{region}/reread`. */
export const addDeliveryRoutes = (app: Hono, options: Deliveries): void => {
  app.post('/api/queues/:region/:slug/faults', async (c) => {
    const { region, slug } = c.req.param();
    if (!options.queues.includes(slug))
      return c.json({ message: `unknown queue ${slug}: there are ${options.queues.join(', ')}` }, 404);
    return order(c, options, region, { kind: 'queue', slug }, faultSchema);
  });
  app.post('/api/streams/:region/faults', (c) =>
    order(c, options, c.req.param('region'), { kind: 'stream' }, streamFaultSchema),
  );
  app.post('/api/streams/:region/reread', async (c) => {
    const name = c.req.param('region');
    const region = options.regions.get(name);
    if (region === undefined) return c.json({ message: unknownRegion(options, name) }, 404);
    await region.rereadStream();
    return c.json({ region: name });
  });
};

const order = async (
  c: Context,
  options: Deliveries,
  name: string,
  source: DeliverySource,
  schema: typeof faultSchema | typeof streamFaultSchema,
): Promise<Response> => {
  const region = options.regions.get(name);
  if (region === undefined) return c.json({ message: unknownRegion(options, name) }, 404);
  const parsed = schema.safeParse(await c.req.json().catch(() => undefined));
  if (!parsed.success) return c.json({ message: z.prettifyError(parsed.error) }, 400);
  const fault = parsed.data as DeliveryFault;
  if (fault.kind === 'delay' && fault.count > 0 && fault.delaySeconds === undefined)
    return c.json({ message: 'delaySeconds: a delay needs to know how long' }, 400);
  await region.injectFault(source, fault);
  return c.json(fault);
};
