// Owns how functions of a Region reach the application's public names: asked of DNS, sent to the Region it answers with.
// Leaves to worker.mjs that a function's requests come here. Between Regions nothing passes while this one is cut off.
import type { Server } from 'node:http';
import { closeServer } from '../close-server.ts';
import { createFrontDoor } from '../front-door/front-door.ts';
import { udpLookup } from '../front-door/lookup.ts';
import { NameCache } from '../front-door/name-cache.ts';
import type { PublicNames } from '../processes.ts';

export interface PublicNamesOptions {
  readonly names: PublicNames;
  readonly region: string;
  readonly isCutOff: () => boolean;
  readonly nowMs: () => number;
}

export interface OpenNames {
  /** The port of 127.0.0.1 that stands for each hostname. */
  readonly ports: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export const openPublicNames = async ({ names, region, isCutOff, nowMs }: PublicNamesOptions): Promise<OpenNames> => {
  const { dnsPort, hostnames, targets } = names;
  const portOf = (target: string): number | undefined => {
    const endpoint = targets[target];
    if (endpoint !== undefined && endpoint.region !== region && isCutOff())
      throw new Error(`${region} is cut off from ${endpoint.region}`);
    return endpoint?.port;
  };
  const open = await Promise.all(
    hostnames.map(async (hostname) => {
      const cache = new NameCache(udpLookup(dnsPort), hostname, nowMs);
      const door = createFrontDoor({ hostname, names: cache, portOf });
      return { hostname, door, port: await listenAnywhere(door) };
    }),
  );
  return {
    ports: Object.fromEntries(open.map(({ hostname, port }) => [hostname, port])),
    close: async () => {
      await Promise.all(open.map(({ door }) => closeServer(door)));
    },
  };
};

const listenAnywhere = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
