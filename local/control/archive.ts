// Owns the route by which an object of a Region's archive is damaged, as no service would do it.
// Leaves to local/s3 the object.
import type { Hono } from 'hono';
import * as z from 'zod';
import type { ControlOptions } from './app.ts';
import { unknownRegion } from './delivery.ts';

const flip = z.strictObject({ key: z.string().min(1).max(1024) });

/** `POST /api/archive/{region}/flip-bit` with `{ "key" }`: one bit of the newest version turns. */
export const addArchiveRoutes = (app: Hono, options: Pick<ControlOptions, 'regions'>): void => {
  app.post('/api/archive/:region/flip-bit', async (c) => {
    const name = c.req.param('region');
    const region = options.regions.get(name);
    if (region === undefined) return c.json({ message: unknownRegion(options, name) }, 404);
    const parsed = flip.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) return c.json({ message: z.prettifyError(parsed.error) }, 400);
    await region.flipArchivedBit(parsed.data.key);
    return c.json({ region: name, ...parsed.data });
  });
};
