// Owns writes of MREC tables in this Region: done at once, and in the same transaction noted as owed to every peer.
// Leaves to outbox.ts the delivery, to inbox.ts what peers deliver here.
import type { DynamoConnection } from '../engine-client.ts';
import { type Item, itemId, keyAttributes } from '../images.ts';
import type { ItemLocks } from '../item-locks.ts';
import type { ItemOperation } from '../ledger/committed-store.ts';
import { answer, passedOn, type Reply, type RequestBody, refused, validation } from '../protocol.ts';
import { type Catalog, type CatalogTable, type TransactItem, transactItems } from './catalog.ts';
import type { Clock, Clocks } from './clocks.ts';
import { returnValuesOf, singleRefusal, transactPart, withoutAddedReasons } from './single-write.ts';

export interface ReplicatedWritesParts {
  readonly region: string;
  readonly engine: DynamoConnection;
  readonly catalog: Catalog;
  readonly clocks: Clocks;
  readonly locks: ItemLocks;
  /** Told once a write is committed. */
  readonly owed: (clock: Clock) => void;
}

interface Target {
  readonly table: CatalogTable;
  readonly key: Item;
  readonly id: string;
}

export class ReplicatedWrites {
  constructor(private readonly parts: ReplicatedWritesParts) {}

  /** PutItem, UpdateItem, DeleteItem on an MREC table. */
  item(operation: ItemOperation, table: CatalogTable, body: RequestBody): Promise<Reply> {
    const { engine, locks } = this.parts;
    const key = keyAttributes(table.schema, (operation === 'PutItem' ? body.Item : body.Key) as Item | undefined);
    if (key === undefined) throw validation('The provided key element does not match the schema');
    const target = this.target(table, key);
    const wanted = returnValuesOf(body);
    return locks.run(target.id, async () => {
      const old = wanted === 'ALL_OLD' ? await this.current(target) : undefined;
      const clock = await this.nextClock(target);
      const wire = await engine.raw(
        'TransactWriteItems',
        transaction([transactPart(operation, body)], [this.parts.clocks.put(clock)]),
      );
      if (wire.status !== 200) {
        const refusal = singleRefusal(wire);
        return refusal === undefined ? passedOn(wire) : refused(refusal);
      }
      this.parts.owed(clock);
      const attributes = wanted === 'ALL_NEW' ? await this.current(target) : old;
      return answer({ ...(attributes === undefined ? {} : { Attributes: attributes }), ...consumed(table, body) });
    });
  }

  /** Each put and delete of a batch on its own. */
  async batch(table: CatalogTable, writes: readonly BatchWrite[]): Promise<Reply> {
    const replies = await Promise.all(
      writes.map(({ PutRequest, DeleteRequest }) =>
        PutRequest === undefined
          ? this.item('DeleteItem', table, { TableName: table.name, Key: DeleteRequest?.Key })
          : this.item('PutItem', table, { TableName: table.name, Item: PutRequest.Item }),
      ),
    );
    return replies.find((reply) => reply.kind !== 'answer' || reply.status !== 200) ?? answer({ UnprocessedItems: {} });
  }

  /**
   * A transaction with at least one item of an MREC table: atomic here, then replicated item by item, as DynamoDB does.
   * A ClientRequestToken is not kept: a retry is judged by its conditions again.
   */
  transact(body: RequestBody): Promise<Reply> {
    const items = transactItems(body);
    const targets = items.flatMap((item) => this.writtenTarget(item) ?? []);
    return this.parts.locks.runAll(
      targets.map((target) => target.id),
      async () => {
        const clocks = await Promise.all(targets.map((target) => this.nextClock(target)));
        const { ClientRequestToken: _, ...rest } = body;
        const wire = await this.parts.engine.raw(
          'TransactWriteItems',
          JSON.stringify({
            ...rest,
            TransactItems: [...items, ...clocks.map((clock) => this.parts.clocks.put(clock))],
          }),
        );
        if (wire.status === 200) for (const clock of clocks) this.parts.owed(clock);
        return passedOn(withoutAddedReasons(wire, items.length));
      },
    );
  }

  private writtenTarget(item: TransactItem): Target | undefined {
    const part = item.Put ?? item.Update ?? item.Delete;
    const table = part && this.parts.catalog.get(String(part.TableName));
    if (table?.kind !== 'replicated') return undefined;
    const key = keyAttributes(table.schema, (item.Put === undefined ? part?.Key : part?.Item) as Item | undefined);
    return key && this.target(table, key);
  }

  private target(table: CatalogTable, key: Item): Target {
    return { table, key, id: itemId(table.name, table.schema, key).item };
  }

  /** Later than whatever this Region knows of the item: a write is never lost to one that it has seen. */
  private async nextClock({ table, key, id }: Target): Promise<Clock> {
    const { clocks, region } = this.parts;
    const last = await clocks.get(id);
    return {
      id,
      table: table.name,
      key,
      region,
      atMs: Math.max(Date.now(), (last?.atMs ?? 0) + 1),
      pending: table.replicas.map((replica) => replica.region).filter((peer) => peer !== region),
    };
  }

  private async current({ table, key }: Target): Promise<Item | undefined> {
    const input = { TableName: table.name, Key: key, ConsistentRead: true };
    return (await this.parts.engine.must<{ Item?: Item }>('GetItem', input)).Item;
  }
}

export interface BatchWrite {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

const transaction = (asked: readonly object[], added: readonly object[]): string =>
  JSON.stringify({ TransactItems: [...asked, ...added] });

/** One unit per KB of the item, as for any write. */
const consumed = (table: CatalogTable, body: RequestBody): object => {
  if (body.ReturnConsumedCapacity === undefined || body.ReturnConsumedCapacity === 'NONE') return {};
  const units = Math.max(1, Math.ceil(JSON.stringify(body.Item ?? {}).length / 1024));
  return { ConsumedCapacity: { TableName: table.name, CapacityUnits: units } };
};
