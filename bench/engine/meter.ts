// Owns the counting of what an operation asks of DynamoDB: requests and consumed units, as the engine reports them.
// Leaves to the timed rounds the time: they go past it, straight to the engine.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoConnection } from '../../local/dynamodb/engine-client.ts';

export interface Consumed {
  readonly requests: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

export interface Meter {
  readonly endpoint: string;
  /** What was asked since the last call. */
  take(): Consumed;
  stop(): Promise<void>;
}

const NOTHING: Consumed = { requests: 0, readUnits: 0, writeUnits: 0 };
const READS: ReadonlySet<string> = new Set(['GetItem', 'Query', 'Scan', 'BatchGetItem', 'TransactGetItems']);

interface Capacity {
  readonly CapacityUnits: number;
}

const textOf = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/** One number, or a list with one for each table of a batch or transaction. @throws Error when the engine reports none */
const unitsIn = (operation: string, answer: string): number => {
  const { ConsumedCapacity = [] } = JSON.parse(answer) as { ConsumedCapacity?: Capacity | readonly Capacity[] };
  const reported = [ConsumedCapacity].flat();
  if (reported.length === 0) throw new Error(`the engine says nothing of what ${operation} consumed: ${answer}`);
  return reported.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
};

/** Stands before the engine at `upstream`, and asks it for what each request consumes, which the callers do not. */
export const startMeter = async (upstream: string): Promise<Meter> => {
  const engine = new DynamoConnection(upstream);
  let consumed = NOTHING;
  const server = createServer(async (incoming, outgoing) => {
    try {
      const target = String(incoming.headers['x-amz-target']);
      const operation = target.split('.').at(-1) ?? '';
      const input = JSON.parse(await textOf(incoming)) as object;
      const answer = await engine.send(target, JSON.stringify({ ...input, ReturnConsumedCapacity: 'TOTAL' }));
      const units = answer.status === 200 ? unitsIn(operation, answer.body) : 0;
      const isRead = READS.has(operation);
      consumed = {
        requests: consumed.requests + 1,
        readUnits: consumed.readUnits + (isRead ? units : 0),
        writeUnits: consumed.writeUnits + (isRead ? 0 : units),
      };
      outgoing.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(answer.body);
    } catch (error) {
      outgoing.destroy(error instanceof Error ? error : undefined);
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => {
      const taken = consumed;
      consumed = NOTHING;
      return taken;
    },
    stop: async () => {
      engine.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
