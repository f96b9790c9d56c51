// Owns the local payment processor as a service: one port for merchants and, beside it, its admin routes.
// Leaves to the supervisor its place in a run. It stands outside of every Region, as a processor does.
import { join } from 'node:path';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { type InterruptibleServer, startInterruptible } from '../interruptible-server.ts';
import { MovableClock } from '../movable-clock.ts';
import { addProcessorAdmin } from './admin.ts';
import { addProcessorApi } from './api.ts';
import { Book } from './book.ts';
import { Faults } from './faults.ts';
import { SavedAnswers } from './idempotency.ts';

/** While it is away it keeps what it knows. */
export interface LocalProcessor extends Pick<InterruptibleServer, 'url' | 'leave' | 'comeBack'> {
  stop(): Promise<void>;
}

/** `port` 0 takes a free one. @throws Error when the port cannot be had */
export const startProcessor = async (options: {
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
  const server = await startInterruptible('the local processor', options.port, getRequestListener(app.fetch));
  return {
    url: server.url,
    leave: server.leave,
    comeBack: server.comeBack,
    stop: async () => {
      await server.leave();
      book.close();
    },
  };
};
