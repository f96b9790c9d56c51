// Owns the chains of seals in the ledger table: one item a seal, one conditional put, strong reads.
// Leaves to seal-item.ts which item is believed, to lambdas/seal-windows what follows from one that is not.
import type { Seal } from '../../domain/seal.ts';
import { CorruptSeal, type SealLog, type SealPage } from '../../ports/seals.ts';
import { chainPartition, sealSortKey } from '../seal-rows.ts';
import { type Dynamo, RequestFailed } from './client.ts';
import { queryUpTo } from './paging.ts';
import { fromSealItem, toSealItem } from './seal-item.ts';
import { ledgerUnavailable, ledgerUnreadable } from './unavailable.ts';

export class DynamoSealLog implements SealLog {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async after(bucket: number, ordinal: number, limit: number): Promise<SealPage> {
    const items = await this.dynamo.call(ledgerUnreadable, (call) =>
      queryUpTo(
        call,
        {
          TableName: this.table,
          KeyConditionExpression: 'pk = :pk AND sk > :after',
          ExpressionAttributeValues: { ':pk': { S: chainPartition(bucket) }, ':after': { S: sealSortKey(ordinal) } },
          ConsistentRead: true,
        },
        limit,
      ),
    );
    const seals: Seal[] = [];
    for (const item of items) {
      try {
        seals.push(fromSealItem(item));
      } catch (error) {
        if (error instanceof CorruptSeal) return { seals, corrupt: error };
        throw error;
      }
    }
    return { seals };
  }

  async read(bucket: number, ordinal: number): Promise<Seal | undefined> {
    const Key = { pk: { S: chainPartition(bucket) }, sk: { S: sealSortKey(ordinal) } };
    const { Item } = await this.dynamo.call(ledgerUnreadable, (call) =>
      call.get({ TableName: this.table, Key, ConsistentRead: true }),
    );
    return Item && fromSealItem(Item);
  }

  append(seal: Seal): Promise<'appended' | 'occupied'> {
    return this.dynamo.call(ledgerUnavailable, async (call) => {
      try {
        await call.put({
          TableName: this.table,
          Item: toSealItem(seal),
          ConditionExpression: 'attribute_not_exists(pk)',
        });
        return 'appended';
      } catch (failure) {
        // A conflict of two Regions' writes, too, means that the ordinal is taken or soon is.
        if (failure instanceof RequestFailed && LOST.has(failure.exception)) return 'occupied';
        throw failure;
      }
    });
  }

  async restore(seal: Seal): Promise<void> {
    await this.dynamo.call(ledgerUnavailable, (call) => call.put({ TableName: this.table, Item: toSealItem(seal) }));
  }
}

const LOST: ReadonlySet<string> = new Set(['ConditionalCheckFailedException', 'ReplicatedWriteConflictException']);
