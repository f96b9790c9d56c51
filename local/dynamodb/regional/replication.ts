// Owns how writes, outbox and inbox of a Region's MREC tables are put together over its engine.
// Leaves to the endpoint which request is for them.
import { roundTripMs } from '../../latency.ts';
import type { RegionProcessConfig } from '../../processes.ts';
import type { DynamoConnection } from '../engine-client.ts';
import type { Item } from '../images.ts';
import { ItemLocks } from '../item-locks.ts';
import { seededRandom } from '../seeded-random.ts';
import type { Catalog } from './catalog.ts';
import { type Clock, Clocks } from './clocks.ts';
import { Inbox } from './inbox.ts';
import { Lane } from './outbox.ts';
import { ReplicatedWrites } from './replicated-writes.ts';
import type { ReplicatedChange } from './replication-wire.ts';

/** Replication of MREC tables usually takes under a second; here: one way plus up to this. */
const JITTER_MS = 150;

export interface Replication {
  readonly writes: ReplicatedWrites;
  readonly inbox: Inbox;
  setConnected(isConnected: boolean): void;
  stop(): Promise<void>;
}

export const openReplication = async (
  config: RegionProcessConfig,
  engine: DynamoConnection,
  catalog: Catalog,
): Promise<Replication> => {
  const { region } = config.plan;
  const clocks = await Clocks.open(engine);
  const locks = new ItemLocks();

  const owedNow = (
    id: string,
    peer: string,
  ): Promise<{ readonly clock: Clock; readonly change: ReplicatedChange } | undefined> =>
    locks.run(id, async () => {
      const clock = await clocks.get(id);
      if (clock === undefined || !clock.pending.includes(peer)) return undefined;
      const input = { TableName: clock.table, Key: clock.key, ConsistentRead: true };
      const { Item } = await engine.must<{ Item?: Item }>('GetItem', input);
      const { table, key, atMs } = clock;
      return { clock, change: { table, key, image: Item ?? null, atMs, region: clock.region } };
    });

  const lanes = config.peers.map((peer) => {
    const random = seededRandom(0, `replication from ${region} to ${peer.region}`);
    const oneWayMs = roundTripMs(region, peer.region, config.roundTripMs) / 2;
    return new Lane({
      peer,
      lagMs: () => oneWayMs + random() * JITTER_MS,
      owedNow: (id) => owedNow(id, peer.region),
      delivered: (clock) => locks.run(clock.id, () => clocks.delivered(clock, peer.region)),
    });
  });
  const owed = (clock: Clock): void => {
    for (const lane of lanes) if (clock.pending.includes(lane.region)) lane.owe(clock.id);
  };
  for await (const clock of clocks.pending()) owed(clock);

  return {
    writes: new ReplicatedWrites({ region, engine, catalog, clocks, locks, owed }),
    inbox: new Inbox({ engine, catalog, clocks, locks }),
    setConnected(isConnected) {
      for (const lane of lanes) lane.setConnected(isConnected);
    },
    async stop() {
      await Promise.all(lanes.map((lane) => lane.stop()));
    },
  };
};
