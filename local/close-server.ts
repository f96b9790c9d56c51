// Owns the end of an HTTP server.
import type { Server } from 'node:http';

/** Does not wait for clients: whoever is connected is cut off. */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
