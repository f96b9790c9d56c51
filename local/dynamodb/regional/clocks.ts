// Owns the side table of a Region's engine: per item of an MREC table who wrote it last, when, and which peers still lack it.
// Leaves to replicated-writes.ts and inbox.ts when a row changes; each change is in one transaction with the item's own.
import type { DynamoConnection } from '../engine-client.ts';
import type { AttributeValue, Item } from '../images.ts';
import { scanAll } from '../ledger/reconcile.ts';
import { createMissingTables } from '../tables.ts';

/** Not a table of the plan; hidden from ListTables. */
export const CLOCK_TABLE = 'baseload-local-replication';

/** The last write of an item. Deletes leave theirs: a tombstone. */
export interface Clock {
  /** Table and key as one text. */
  readonly id: string;
  readonly table: string;
  readonly key: Item;
  readonly atMs: number;
  readonly region: string;
  /** Regions that have not confirmed this write. */
  readonly pending: readonly string[];
}

/** Later wins; at the same millisecond the Region's name decides, the same way everywhere. */
export const isLater = (
  one: Pick<Clock, 'atMs' | 'region'>,
  other: Pick<Clock, 'atMs' | 'region'> | undefined,
): boolean => other === undefined || one.atMs > other.atMs || (one.atMs === other.atMs && one.region > other.region);

const toItem = (clock: Clock): Item => ({
  id: { S: clock.id },
  table: { S: clock.table },
  key: { M: clock.key },
  at: { N: String(clock.atMs) },
  region: { S: clock.region },
  // An empty set is no value of DynamoDB.
  ...(clock.pending.length === 0 ? {} : { pending: { SS: clock.pending } }),
});

const toClock = (row: Item): Clock => ({
  id: String(row.id?.S),
  table: String(row.table?.S),
  key: row.key?.M as Item,
  atMs: Number(row.at?.N),
  region: String(row.region?.S),
  pending: (row.pending?.SS ?? []) as string[],
});

export class Clocks {
  private constructor(private readonly engine: DynamoConnection) {}

  static async open(engine: DynamoConnection): Promise<Clocks> {
    const attributes = [{ name: 'id', type: 'S' }] as const;
    await createMissingTables(engine, [{ name: CLOCK_TABLE, attributes, partitionKey: 'id', localIndexes: [] }]);
    return new Clocks(engine);
  }

  async get(id: string): Promise<Clock | undefined> {
    const { Item } = await this.engine.must<{ Item?: Item }>('GetItem', {
      TableName: CLOCK_TABLE,
      Key: { id: { S: id } },
      ConsistentRead: true,
    });
    return Item === undefined ? undefined : toClock(Item);
  }

  /** The part of a transaction that moves a clock. */
  put(clock: Clock): { readonly Put: { readonly TableName: string; readonly Item: Item } } {
    return { Put: { TableName: CLOCK_TABLE, Item: toItem(clock) } };
  }

  /** `peer` has this very write; a later one of the same item stays pending. */
  async delivered(clock: Clock, peer: string): Promise<void> {
    const values: Record<string, AttributeValue> = {
      ':peer': { SS: [peer] },
      ':at': { N: String(clock.atMs) },
      ':region': { S: clock.region },
    };
    const answer = await this.engine.raw(
      'UpdateItem',
      JSON.stringify({
        TableName: CLOCK_TABLE,
        Key: { id: { S: clock.id } },
        UpdateExpression: 'DELETE pending :peer',
        ConditionExpression: '#at = :at AND #region = :region',
        ExpressionAttributeNames: { '#at': 'at', '#region': 'region' },
        ExpressionAttributeValues: values,
      }),
    );
    if (answer.status !== 200 && !answer.body.includes('ConditionalCheckFailedException')) {
      throw new Error(`the clock of ${clock.id} could not be updated: ${answer.body}`);
    }
  }

  /** What was pending when this Region's process ended. */
  async *pending(): AsyncIterable<Clock> {
    for await (const row of scanAll(this.engine, CLOCK_TABLE)) {
      const clock = toClock(row);
      if (clock.pending.length > 0) yield clock;
    }
  }
}
