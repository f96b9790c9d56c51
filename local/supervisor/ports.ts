// Owns which ports of 127.0.0.1 a run takes.
// Leaves to the processes to listen on them; a Region that is started again takes the same ones.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isTcpFree, UNSHARED_PORTS } from '../free-port.ts';
import { PORTS_PER_RUN } from './args.ts';
import { StartFailure } from './start-failure.ts';

export interface RegionPorts {
  readonly edge: number;
  readonly dynamodb: number;
  readonly engine: number;
  readonly admin: number;
  /** The ledger's gateway for this Region. */
  readonly gateway: number;
  readonly sqs: number;
  readonly ses: number;
  readonly s3: number;
}

export interface RunPorts {
  readonly api: number;
  readonly control: number;
  readonly dns: number;
  readonly ledgerEngine: number;
  readonly ledgerAdmin: number;
  /** The local payment processor. */
  readonly processor: number;
  /** The local issuer of tokens. */
  readonly issuer: number;
  readonly regions: Readonly<Record<string, RegionPorts>>;
}

const SHARED_PORTS = 7;
const PORTS_PER_REGION = 8;

/** The layout of a block: pure, so that a base always means the same ports. */
export const layOut = (base: number, regions: readonly string[]): RunPorts => {
  const needed = SHARED_PORTS + PORTS_PER_REGION * regions.length;
  if (needed > PORTS_PER_RUN)
    throw new RangeError(`${regions.length} Regions need ${needed} ports, a run has ${PORTS_PER_RUN}`);
  const regionPorts = regions.map((region, index) => {
    const first = base + SHARED_PORTS + index * PORTS_PER_REGION;
    const ports = {
      edge: first,
      dynamodb: first + 1,
      engine: first + 2,
      admin: first + 3,
      gateway: first + 4,
      sqs: first + 5,
      ses: first + 6,
      s3: first + 7,
    };
    return [region, ports] as const;
  });
  return {
    api: base,
    control: base + 1,
    dns: base + 2,
    ledgerEngine: base + 3,
    ledgerAdmin: base + 4,
    processor: base + 5,
    issuer: base + 6,
    regions: Object.fromEntries(regionPorts),
  };
};

const portsOf = (ports: RunPorts): number[] => [
  ports.api,
  ports.control,
  ports.dns,
  ports.ledgerEngine,
  ports.ledgerAdmin,
  ports.processor,
  ports.issuer,
  ...Object.values(ports.regions).flatMap((region) => Object.values(region) as number[]),
];

const TRIES = 40;

/**
 * The ports of a run: at `base`, or for 0 a block in which all are free.
 * @throws StartFailure naming the busy port
 */
export const choosePorts = async (
  base: number,
  regions: readonly string[],
  random = Math.random,
): Promise<RunPorts> => {
  if (base !== 0) {
    const ports = layOut(base, regions);
    const busy = await firstBusy(ports);
    if (busy === undefined) return ports;
    throw new StartFailure(
      `port ${busy} is in use: stop what listens there, or choose others with --port-base N (0 takes free ones)`,
    );
  }
  const blocks = Math.floor((UNSHARED_PORTS.to - UNSHARED_PORTS.from) / PORTS_PER_RUN);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const ports = layOut(UNSHARED_PORTS.from + Math.floor(random() * blocks) * PORTS_PER_RUN, regions);
    if ((await firstBusy(ports)) === undefined) return ports;
  }
  throw new StartFailure(
    `no ${PORTS_PER_RUN} free ports in a row found in ${TRIES} tries: choose them with --port-base N`,
  );
};

const firstBusy = async (ports: RunPorts): Promise<number | undefined> => {
  const free = await Promise.all(
    portsOf(ports).map(async (port) => ({
      port,
      isFree: port === ports.dns ? await isUdpFree(port) : await isTcpFree(port),
    })),
  );
  return free.find(({ isFree }) => !isFree)?.port;
};

const isUdpFree = async (port: number): Promise<boolean> => {
  const socket = createSocket('udp4');
  try {
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
};
