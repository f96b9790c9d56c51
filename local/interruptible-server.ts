// Owns a server of 127.0.0.1 that can leave its port and come back to it, as a service outside of every Region can be away.
// Leaves to processor/ and issuer/ what it answers, and what of it outlives an absence.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer } from './close-server.ts';

export interface InterruptibleServer {
  readonly url: string;
  isListening(): boolean;
  /** Nobody listens at its port any more, and whoever was connected is cut off. */
  leave(): Promise<void>;
  /** Listens at the same port again. @throws Error when the port cannot be had */
  comeBack(): Promise<void>;
}

/** `port` 0 takes a free one. @throws Error naming `title` when the port cannot be had */
export const startInterruptible = async (
  title: string,
  port: number,
  listener: RequestListener,
): Promise<InterruptibleServer> => {
  const server = createServer(listener);
  const listen = async (at: number): Promise<void> => {
    if (server.listening) return;
    server.listen(at, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (cause) {
      throw new Error(`${title}'s port: ${(cause as Error).message}`, { cause });
    }
  };
  await listen(port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    isListening: () => server.listening,
    leave: async () => {
      if (server.listening) await closeServer(server);
    },
    comeBack: () => listen(taken),
  };
};
