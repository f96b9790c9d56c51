// Owns the routes by which another bundle of a function is deployed in one Region, and deployments are looked at.
// Leaves to local/codedeploy what a deployment does.
import type { Hono } from 'hono';
import * as z from 'zod';
import type { ControlOptions } from './app.ts';
import { inRegion, withBody } from './requests.ts';

const orderSchema = z.strictObject({ group: z.string().min(1).max(100), bundle: z.string().min(1).max(4096) });

/**
 * `POST /api/regions/{region}/deployments` with `{ "group", "bundle" }`: the directory of a function's bundle on this machine.
 * `GET` shows those of the Region, the first one first.
 */
export const addDeploymentRoutes = (app: Hono, { regions }: Pick<ControlOptions, 'regions'>): void => {
  app.get(
    '/api/regions/:region/deployments',
    inRegion(regions, async (c, region) => c.json({ deployments: await region.deployments() })),
  );
  app.post(
    '/api/regions/:region/deployments',
    inRegion(regions, (c, region, name) =>
      withBody(c, orderSchema, async ({ group, bundle }) => {
        await region.deploy(group, bundle);
        return c.json({ region: name, group, bundle });
      }),
    ),
  );
};
