// Owns that the HTTP servers of the supervisor itself listen on 127.0.0.1.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { StartFailure } from './start-failure.ts';

/** @throws StartFailure when another program took the port since it was chosen */
export const listen = async (server: Server, port: number): Promise<void> => {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new StartFailure(
      `port ${port} is in use: stop what listens there, or choose others with --port-base N (0 takes free ones)`,
      { cause },
    );
  }
};
