// Owns the local payment processor as a service: one port for merchants and, beside it, its admin routes.
// Leaves to the supervisor its place in a run. It stands outside of every Region, as a processor does.
import { join } from 'node:path';
import { type HttpBindings, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { MovableClock } from '../movable-clock.ts';
import { addProcessorAdmin } from './admin.ts';
import { addProcessorApi } from './api.ts';
import { Book } from './book.ts';
import { Faults } from './faults.ts';
import { SavedAnswers } from './idempotency.ts';

export interface LocalProcessor {
  readonly url: string;
  stop(): Promise<void>;
}

/** `port` 0 takes a free one. @throws Error when the port cannot be had */
export const startProcessor = (options: {
  readonly port: number;
  readonly dataDir: string;
  readonly machineMs: () => number;
}): Promise<LocalProcessor> => {
  const clock = new MovableClock(options.machineMs);
  const book = new Book(join(options.dataDir, 'processor', 'book.jsonl'), clock.nowMs);
  const parts = { book, faults: new Faults(), saved: new SavedAnswers(clock.nowMs) };
  const app = new Hono<{ Bindings: HttpBindings }>();
  addProcessorApi(app, parts);
  addProcessorAdmin(app, parts, clock);
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port: options.port, hostname: '127.0.0.1' }, ({ port }) =>
      resolve({
        url: `http://127.0.0.1:${port}`,
        stop: async () => {
          await new Promise<void>((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) server.closeAllConnections();
          });
          book.close();
        },
      }),
    );
    server.once('error', (error: Error) => reject(new Error(`the local processor's port: ${error.message}`)));
  });
};
