// Owns the routes by which another bundle of a function is deployed in one Region, and deployments are looked at.
// Leaves to local/codedeploy what a deployment does.
import type { Hono } from 'hono';
import * as z from 'zod';
import type { ControlOptions } from './app.ts';
import { unknownRegion } from './delivery.ts';

const orderSchema = z.strictObject({ group: z.string().min(1).max(100), bundle: z.string().min(1).max(4096) });

/**
 * `POST /api/regions/{region}/deployments` with `{ "group", "bundle" }`: the directory of a function's bundle on this machine.
 * `GET` shows those of the Region, the first one first.
 */
export const addDeploymentRoutes = (app: Hono, options: Pick<ControlOptions, 'regions'>): void => {
  app.get('/api/regions/:region/deployments', async (c) => {
    const name = c.req.param('region');
    const region = options.regions.get(name);
    if (region === undefined) return c.json({ message: unknownRegion(options, name) }, 404);
    return c.json({ deployments: await region.deployments() });
  });
  app.post('/api/regions/:region/deployments', async (c) => {
    const name = c.req.param('region');
    const region = options.regions.get(name);
    if (region === undefined) return c.json({ message: unknownRegion(options, name) }, 404);
    const parsed = orderSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) return c.json({ message: z.prettifyError(parsed.error) }, 400);
    const { group, bundle } = parsed.data;
    await region.deploy(group, bundle);
    return c.json({ region: name, group, bundle });
  });
};
