// Owns the local payment processor as a service: one port for merchants and, beside it, its admin routes.
// Leaves to the supervisor its place in a run. It stands outside of every Region, as a processor does.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { closeServer } from '../close-server.ts';
import { MovableClock } from '../movable-clock.ts';
import { addProcessorAdmin } from './admin.ts';
import { addProcessorApi } from './api.ts';
import { Book } from './book.ts';
import { Faults } from './faults.ts';
import { SavedAnswers } from './idempotency.ts';

export interface LocalProcessor {
  readonly url: string;
  /** Nobody listens at its port any more, and whoever was connected is cut off. It keeps what it knows. */
  leave(): Promise<void>;
  /** Listens at the same port again. @throws Error when the port cannot be had */
  comeBack(): Promise<void>;
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
  const server = createServer(getRequestListener(app.fetch));
  const listen = async (at: number): Promise<void> => {
    if (server.listening) return;
    server.listen(at, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (cause) {
      throw new Error(`the local processor's port: ${(cause as Error).message}`, { cause });
    }
  };
  const leave = async (): Promise<void> => {
    if (!server.listening) return;
    await closeServer(server);
  };
  await listen(options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    leave,
    comeBack: () => listen(port),
    stop: async () => {
      await leave();
      book.close();
    },
  };
};
