// Owns the rows `redrive#<queue>` of the region-state table. The condition of a claim is what limits redrives, whoever calls twice.
// Leaves to lambdas/redrive how long letters must be gone before another one may be made.

import type { Redrive, Redrives } from '../../ports/redrives.ts';
import { type QueueSlug, REDRIVE_KEY_PREFIX } from '../../shared/names.ts';
import type { Dynamo } from './client.ts';
import { regionStateUnavailable } from './unavailable.ts';

const keyOf = (queue: QueueSlug) => ({ pk: { S: `${REDRIVE_KEY_PREFIX}${queue}` } });

export class DynamoRedrives implements Redrives {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async last(queue: QueueSlug): Promise<Redrive | undefined> {
    const { Item } = await this.dynamo.call(regionStateUnavailable, (call) =>
      call.get({ TableName: this.table, Key: keyOf(queue), ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    return {
      startedAtMs: Number(Item.startedAtMs?.N),
      seenAtMs: Number(Item.seenAtMs?.N),
      isLeftToPeople: Item.isLeftToPeople?.BOOL === true,
    };
  }

  async claim(queue: QueueSlug, nowMs: number, unseenSinceMs: number): Promise<boolean> {
    const now = { N: String(nowMs) };
    return this.dynamo.writeIf(regionStateUnavailable, (call) =>
      call.put({
        TableName: this.table,
        Item: { ...keyOf(queue), startedAtMs: now, seenAtMs: now, isLeftToPeople: { BOOL: false } },
        ConditionExpression: 'attribute_not_exists(pk) OR seenAtMs < :unseenSince',
        ExpressionAttributeValues: { ':unseenSince': { N: String(unseenSinceMs) } },
      }),
    );
  }

  async noteCameBack(queue: QueueSlug, nowMs: number): Promise<void> {
    await this.dynamo.call(regionStateUnavailable, (call) =>
      call.update({
        TableName: this.table,
        Key: keyOf(queue),
        UpdateExpression: 'SET seenAtMs = :now, isLeftToPeople = :yes',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':now': { N: String(nowMs) }, ':yes': { BOOL: true } },
      }),
    );
  }
}
