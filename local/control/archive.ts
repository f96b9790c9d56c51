// Owns the route by which an object of a Region's archive is damaged, as no service would do it.
// Leaves to local/s3 the object.
import type { Hono } from 'hono';
import * as z from 'zod';
import type { ControlOptions } from './app.ts';
import { inRegion, withBody } from './requests.ts';

const flip = z.strictObject({ key: z.string().min(1).max(1024) });

/** `POST /api/archive/{region}/flip-bit` with `{ "key" }`: one bit of the newest version turns. */
export const addArchiveRoutes = (app: Hono, { regions }: Pick<ControlOptions, 'regions'>): void => {
  app.post(
    '/api/archive/:region/flip-bit',
    inRegion(regions, (c, region, name) =>
      withBody(c, flip, async ({ key }) => {
        await region.flipArchivedBit(key);
        return c.json({ region: name, key });
      }),
    ),
  );
};
