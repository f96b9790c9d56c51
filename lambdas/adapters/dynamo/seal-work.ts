// Owns the seal-work table of a Region: rows of facts not sealed yet, and how far each chain is verified.
// Leaves to view-apply.ts how a row gets in, together with the view's own line; nothing else may put one.
import type { WriteRequest } from '@aws-sdk/client-dynamodb';
import type { SealHead, UnsealedFact } from '../../domain/seal.ts';
import { RegionStateUnavailable } from '../../ports/region-state.ts';
import type { SealWork, VerifiedHead } from '../../ports/seals.ts';
import { HEADS_PARTITION, headSortKey, unsealedFactOf, unsealedKey, unsealedPartition } from '../seal-rows.ts';
import { timeKey } from '../view-rows.ts';
import { untilWhole } from './batches.ts';
import type { Dynamo, DynamoCall } from './client.ts';
import { queryUpTo } from './paging.ts';
import { regionStateUnavailable } from './unavailable.ts';

/** DynamoDB takes so many writes in one batch. */
const DELETES_PER_BATCH = 25;
const MAX_HEADS = 100;

const headKey = (bucket: number) => ({ pk: { S: HEADS_PARTITION }, sk: { S: headSortKey(bucket) } });

const headItem = (bucket: number, { ordinal, hash, windowEndMs }: VerifiedHead) => ({
  ...headKey(bucket),
  ordinal: { N: String(ordinal) },
  hash: { S: hash },
  windowEndMs: { N: String(windowEndMs) },
});

export class DynamoSealWork implements SealWork {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async unsealed(
    bucket: number,
    { beforeMs, limit }: { readonly beforeMs: number; readonly limit: number },
  ): Promise<readonly UnsealedFact[]> {
    const items = await this.dynamo.call(regionStateUnavailable, (call) =>
      queryUpTo(
        call,
        {
          TableName: this.table,
          KeyConditionExpression: 'pk = :pk AND sk < :before',
          ExpressionAttributeValues: { ':pk': { S: unsealedPartition(bucket) }, ':before': { S: timeKey(beforeMs) } },
          ConsistentRead: true,
        },
        limit,
      ),
    );
    return items.map(({ sk, sum }) => unsealedFactOf(sk?.S ?? '', sum?.S ?? ''));
  }

  async removeUnsealed(facts: readonly Pick<UnsealedFact, 'accountId' | 'key' | 'occurredAtMs'>[]): Promise<void> {
    for (let from = 0; from < facts.length; from += DELETES_PER_BATCH) {
      const keys = facts.slice(from, from + DELETES_PER_BATCH).map(unsealedKey);
      await this.dynamo.call(regionStateUnavailable, (call) => this.#removeBatch(call, keys));
    }
  }

  async heads(): Promise<ReadonlyMap<number, VerifiedHead>> {
    const items = await this.dynamo.call(regionStateUnavailable, (call) =>
      queryUpTo(
        call,
        {
          TableName: this.table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: HEADS_PARTITION } },
          ConsistentRead: true,
        },
        MAX_HEADS,
      ),
    );
    return new Map(
      items.map(({ sk, ordinal, hash, windowEndMs }) => [
        Number(sk?.S),
        { ordinal: Number(ordinal?.N), hash: hash?.S ?? '', windowEndMs: Number(windowEndMs?.N) },
      ]),
    );
  }

  advance(bucket: number, from: SealHead, to: VerifiedHead): Promise<boolean> {
    return this.dynamo.writeIf(regionStateUnavailable, (call) =>
      call.put({
        TableName: this.table,
        Item: headItem(bucket, to),
        ...(from.ordinal === 0
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'ordinal = :from',
              ExpressionAttributeValues: { ':from': { N: String(from.ordinal) } },
            }),
      }),
    );
  }

  async addUnsealed(facts: readonly UnsealedFact[]): Promise<void> {
    for (const fact of facts) {
      const { pk, sk } = unsealedKey(fact);
      const Item = { pk: { S: pk }, sk: { S: sk }, sum: { S: fact.sum } };
      await this.dynamo.call(regionStateUnavailable, (call) => call.put({ TableName: this.table, Item }));
    }
  }

  async reset(bucket: number, to: VerifiedHead | undefined): Promise<void> {
    await this.dynamo.call<unknown>(regionStateUnavailable, (call) =>
      to === undefined
        ? call.delete({ TableName: this.table, Key: headKey(bucket) })
        : call.put({ TableName: this.table, Item: headItem(bucket, to) }),
    );
  }

  async #removeBatch(call: DynamoCall, keys: readonly { readonly pk: string; readonly sk: string }[]): Promise<void> {
    const deletes: WriteRequest[] = keys.map(({ pk, sk }) => ({
      DeleteRequest: { Key: { pk: { S: pk }, sk: { S: sk } } },
    }));
    const left = await untilWhole(deletes, async (requests) => {
      const { UnprocessedItems } = await call.batchWrite({ RequestItems: { [this.table]: [...requests] } });
      return UnprocessedItems?.[this.table] ?? [];
    });
    // They go with the next verification, or are sealed again.
    if (left > 0) throw new RegionStateUnavailable(`${left} row(s) of facts not sealed were throttled again and again`);
  }
}
