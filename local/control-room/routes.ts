// Owns the routes of the control room: the page, the stream it lives on, what can be ordered from it, the drills' reports.
// Leaves to control-room.ts what the orders do, and to control/guard.ts who may call.
import type { Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import * as z from 'zod';
import { noSuch, withBody } from '../control/requests.ts';
import type { ControlRoom } from './control-room.ts';
import { NothingToDamage } from './corruption.ts';
import { type DrillReports, reportType } from './drill-reports.ts';
import type { Live } from './live.ts';
import { type PageAssets, REPORT_POLICY } from './page-assets.ts';

type Orders = Pick<
  ControlRoom,
  'opening' | 'watch' | 'startPayers' | 'stopPayers' | 'startFlood' | 'stopFlood' | 'flipBit' | 'poison'
>;

export interface ControlRoomParts {
  readonly room: Orders;
  readonly regions: readonly [string, ...string[]];
  readonly queues: readonly string[];
  readonly page: PageAssets;
  readonly reports: DrillReports;
}

const MOST_POISON = 100;

export const addControlRoomRoutes = (app: Hono, { room, regions, queues, page, reports }: ControlRoomParts): void => {
  const flip = z.strictObject({ region: z.enum(regions), where: z.enum(['ledger', 'view']) });
  const poison = z.strictObject({ count: z.int().min(0).max(MOST_POISON) });

  for (const path of ['/', '/page.js', '/page.css'] as const) {
    app.get(path, async () => {
      const { body, headers } = await page.of(path);
      return new Response(body, { headers });
    });
  }
  app.get('/api/live', (c) => live(c, room));

  app.post('/api/payers/start', (c) => done(c, room.startPayers()));
  app.post('/api/payers/stop', (c) => done(c, room.stopPayers()));
  app.post('/api/flood/start', (c) => done(c, room.startFlood()));
  app.post('/api/flood/stop', (c) => done(c, room.stopFlood()));
  app.post('/api/flip-bit', (c) => withBody(c, flip, ({ region, where }) => done(c, room.flipBit(region, where))));
  app.post('/api/queues/:region/:slug/poison', async (c) => {
    const { region, slug } = c.req.param();
    if (!regions.includes(region)) return noSuch(c, 'Region', region, regions);
    if (!queues.includes(slug)) return noSuch(c, 'queue', slug, queues);
    return withBody(c, poison, ({ count }) => done(c, room.poison(region, slug, count)));
  });

  app.get('/api/drill-reports', (c) => c.json({ reports: reports.list() }));
  app.get('/drill-reports/:file{.+}', (c) => {
    const file = c.req.param('file');
    const bytes = reports.read(file);
    if (bytes === undefined) return c.json({ message: `no report ${file}: npm run drills writes them` }, 404);
    return new Response(bytes, {
      headers: { 'content-type': reportType(file), 'content-security-policy': REPORT_POLICY },
    });
  });
};

const done = async (c: Context, order: Promise<void> | void): Promise<Response> => {
  try {
    await order;
  } catch (cause) {
    if (cause instanceof NothingToDamage) return c.json({ message: cause.message }, 409);
    throw cause;
  }
  return c.json({ done: true });
};

/** The newest is enough: what a slow reader did not take is not kept for it. */
const live = (c: Context, room: Orders): Response =>
  streamSSE(c, async (stream) => {
    await stream.writeSSE({ event: 'opening', data: JSON.stringify(room.opening) });
    let isWriting = false;
    const tell = async (now: Live): Promise<void> => {
      if (isWriting) return;
      isWriting = true;
      await stream.writeSSE({ event: 'live', data: JSON.stringify(now) }).finally(() => {
        isWriting = false;
      });
    };
    await new Promise<void>((resolve) => {
      const leave = room.watch((now) => void tell(now).catch(() => undefined));
      stream.onAbort(() => {
        leave();
        resolve();
      });
    });
  });
