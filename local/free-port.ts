// Owns the choice of ports nobody uses: from a range that the system does not hand out for outgoing connections.
// Leaves to their users who listens there. A port the system hands out can be taken while a killed process is away.
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Linux hands out 32768 and up, others 49152 and up. */
export const UNSHARED_PORTS = { from: 10_240, to: 32_000 } as const;
const TRIES = 50;

export const isTcpFree = async (port: number): Promise<boolean> => {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
};

/** A port nobody listens on now. @throws Error when none is found */
export const freePort = async (random = Math.random): Promise<number> => {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const port = UNSHARED_PORTS.from + Math.floor(random() * (UNSHARED_PORTS.to - UNSHARED_PORTS.from));
    if (await isTcpFree(port)) return port;
  }
  throw new Error(`no free port between ${UNSHARED_PORTS.from} and ${UNSHARED_PORTS.to} in ${TRIES} tries`);
};
