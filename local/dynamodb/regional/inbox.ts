// Owns what peers deliver: the later write of an item wins, the other leaves no trace.
// Leaves to outbox.ts that it is delivered at all.
import type { DynamoConnection } from '../engine-client.ts';
import { itemId } from '../images.ts';
import type { ItemLocks } from '../item-locks.ts';
import type { Catalog } from './catalog.ts';
import { type Clocks, isLater } from './clocks.ts';
import type { ReplicatedChange } from './replication-wire.ts';

export class Inbox {
  constructor(
    private readonly parts: {
      readonly engine: DynamoConnection;
      readonly catalog: Catalog;
      readonly clocks: Clocks;
      readonly locks: ItemLocks;
    },
  ) {}

  /** Idempotent. @throws Error for a table that is not replicated here, or when the engine refuses */
  async apply(change: ReplicatedChange): Promise<void> {
    const { catalog, clocks, engine, locks } = this.parts;
    const table = catalog.get(change.table);
    if (table?.kind !== 'replicated')
      throw new Error(`a peer replicated ${change.table}, which is not replicated here`);
    const { item: id } = itemId(table.name, table.schema, change.key);
    await locks.run(id, async () => {
      if (!isLater(change, await clocks.get(id))) return;
      const clock = { id, table: table.name, key: change.key, atMs: change.atMs, region: change.region, pending: [] };
      const write =
        change.image === null
          ? { Delete: { TableName: table.name, Key: change.key } }
          : { Put: { TableName: table.name, Item: change.image } };
      await engine.must('TransactWriteItems', { TransactItems: [write, clocks.put(clock)] });
    });
  }
}
