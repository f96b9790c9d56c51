// Owns the rows `suspects` and `scrub#<walk>` of the region-state table.
// Leaves to lambdas/scrub what is done about them.
import type { AccountId } from '../../domain/ids.ts';
import { MAX_SUSPECTS, type Scrubbing, type Walk, type WalkPlace } from '../../ports/scrubbing.ts';
import { SUSPECTS_ROW } from '../../shared/names.ts';
import type { Dynamo } from './client.ts';
import { regionStateUnavailable } from './unavailable.ts';

const SuspectsKey = { pk: { S: SUSPECTS_ROW } };
const walkKey = (walk: Walk) => ({ pk: { S: `scrub#${walk}` } });

export class DynamoScrubbing implements Scrubbing {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async suspect(accountId: AccountId): Promise<void> {
    await this.dynamo.writeIf(regionStateUnavailable, (call) =>
      call.update({
        TableName: this.table,
        Key: SuspectsKey,
        UpdateExpression: 'ADD accounts :account',
        ConditionExpression: 'attribute_not_exists(accounts) OR size(accounts) < :most',
        ExpressionAttributeValues: { ':account': { SS: [accountId] }, ':most': { N: String(MAX_SUSPECTS) } },
      }),
    );
  }

  async suspects(): Promise<readonly AccountId[]> {
    const { Item } = await this.dynamo.call(regionStateUnavailable, (call) =>
      call.get({ TableName: this.table, Key: SuspectsKey, ConsistentRead: true }),
    );
    return [...(Item?.accounts?.SS ?? [])].sort() as AccountId[];
  }

  async clear(accountId: AccountId): Promise<void> {
    await this.dynamo.call(regionStateUnavailable, (call) =>
      call.update({
        TableName: this.table,
        Key: SuspectsKey,
        UpdateExpression: 'DELETE accounts :account',
        ExpressionAttributeValues: { ':account': { SS: [accountId] } },
      }),
    );
  }

  async place(walk: Walk): Promise<WalkPlace> {
    const { Item } = await this.dynamo.call(regionStateUnavailable, (call) =>
      call.get({ TableName: this.table, Key: walkKey(walk), ConsistentRead: true }),
    );
    const [cursor, lastAccount] = [Item?.cursor?.S, Item?.lastAccount?.S as AccountId | undefined];
    return { ...(cursor !== undefined && { cursor }), ...(lastAccount !== undefined && { lastAccount }) };
  }

  async moveTo(walk: Walk, { cursor, lastAccount }: WalkPlace): Promise<void> {
    const Item = {
      ...walkKey(walk),
      ...(cursor !== undefined && { cursor: { S: cursor } }),
      ...(lastAccount !== undefined && { lastAccount: { S: lastAccount } }),
    };
    await this.dynamo.call(regionStateUnavailable, (call) => call.put({ TableName: this.table, Item }));
  }
}
