// Owns the admin port of a Region's process: what the supervisor asks and tells it. Not part of what runs on AWS.
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { DeploymentSeen } from '../codedeploy/deployments.ts';
import type { DeliveryFault } from '../delivery-faults.ts';
import type { RegionAdminState } from '../processes.ts';

export interface AdminActions {
  readonly state: () => RegionAdminState;
  /** @throws Error naming what keeps it from beginning */
  readonly deploy: (group: string, bundle: string) => void;
  readonly deployments: () => readonly DeploymentSeen[];
  readonly isolate: () => void;
  readonly rejoin: () => void;
  /** @throws Error when there is no such schedule, or its invocation fails */
  readonly runSchedule: (name: string, input?: string) => Promise<void>;
  readonly moveClock: (offsetMs: number) => void;
  /** Of functions alone, ahead of the Region's clock. @throws Error when it would go back */
  readonly skewFunctions: (aheadMs: number) => void;
  /** Of the Region's certificates. */
  readonly renewal: (does: 'stop' | 'start') => void;
  /** False for a queue that is not there. */
  readonly queueFault: (slug: string, fault: DeliveryFault) => boolean;
  /** Messages that nobody can read; 0 takes them back. False for a queue that is not there. */
  readonly poison: (slug: string, count: number) => boolean;
  /** False when no bucket of the Region holds such an object. */
  readonly flipArchivedBit: (key: string) => boolean;
  readonly streamFault: (fault: DeliveryFault) => void;
  readonly rereadStream: () => Promise<void>;
}

export function adminServer(actions: AdminActions): Server {
  const app = new Hono();
  app.onError((cause, context) => context.json({ error: cause.message }, 500));
  app.get('/state', (context) => context.json(actions.state()));
  app.get('/deployments', (context) => context.json({ deployments: actions.deployments() }));
  app.post('/deployments', async (context) => {
    const { group, bundle } = await context.req.json<{ group: string; bundle: string }>();
    actions.deploy(group, bundle);
    return context.json({});
  });
  app.post('/isolate', (context) => {
    actions.isolate();
    return context.json({});
  });
  app.post('/rejoin', (context) => {
    actions.rejoin();
    return context.json({});
  });
  app.post('/schedules/:name/run', async (context) => {
    await actions.runSchedule(context.req.param('name'), (await context.req.text()) || undefined);
    return context.json({});
  });
  app.post('/clock', async (context) => {
    const { offsetMs } = await context.req.json<{ offsetMs: number }>();
    actions.moveClock(offsetMs);
    return context.json({});
  });
  app.post('/skew', async (context) => {
    const { aheadMs } = await context.req.json<{ aheadMs: number }>();
    actions.skewFunctions(aheadMs);
    return context.json({});
  });
  for (const does of ['stop', 'start'] as const) {
    app.post(`/renewal/${does}`, (context) => {
      actions.renewal(does);
      return context.json({});
    });
  }
  app.post('/queues/:slug/faults', async (context) => {
    const slug = context.req.param('slug');
    if (!actions.queueFault(slug, await context.req.json())) return context.json({ error: `no queue ${slug}` }, 404);
    return context.json({});
  });
  app.post('/queues/:slug/poison', async (context) => {
    const slug = context.req.param('slug');
    const { count } = await context.req.json<{ count: number }>();
    if (!actions.poison(slug, count)) return context.json({ error: `no queue ${slug}` }, 404);
    return context.json({});
  });
  app.post('/archive/flip', async (context) => {
    const { key } = await context.req.json<{ key: string }>();
    if (!actions.flipArchivedBit(key)) return context.json({ error: `no object ${key}` }, 404);
    return context.json({});
  });
  app.post('/stream/faults', async (context) => {
    actions.streamFault(await context.req.json());
    return context.json({});
  });
  app.post('/stream/reread', async (context) => {
    await actions.rereadStream();
    return context.json({});
  });
  return createAdaptorServer({ fetch: app.fetch }) as Server;
}
