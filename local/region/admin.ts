// Owns the admin port of a Region's process: what the supervisor asks and tells it. Not part of what runs on AWS.
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { RegionAdminState } from '../processes.ts';

export interface AdminActions {
  readonly state: () => RegionAdminState;
  readonly isolate: () => void;
  readonly rejoin: () => void;
}

export function adminServer({ state, isolate, rejoin }: AdminActions): Server {
  const app = new Hono();
  app.get('/state', (context) => context.json(state()));
  app.post('/isolate', (context) => {
    isolate();
    return context.json({});
  });
  app.post('/rejoin', (context) => {
    rejoin();
    return context.json({});
  });
  return createAdaptorServer({ fetch: app.fetch }) as Server;
}
