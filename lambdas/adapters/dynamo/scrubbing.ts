// Owns the rows `suspects` and `scrub#<walk>` of the region-state table.
// Leaves to lambdas/scrub what is done about them.
import type { AccountId } from '../../domain/ids.ts';
import { RegionStateUnavailable } from '../../ports/region-state.ts';
import { MAX_SUSPECTS, type Scrubbing, type Walk, type WalkPlace } from '../../ports/scrubbing.ts';
import { SUSPECTS_ROW } from '../../shared/names.ts';
import { type Dynamo, RequestFailed } from './client.ts';

const SuspectsKey = { pk: { S: SUSPECTS_ROW } };
const walkKey = (walk: Walk) => ({ pk: { S: `scrub#${walk}` } });
const unavailable = (cause: RequestFailed) => new RegionStateUnavailable(cause.message, { cause });

export class DynamoScrubbing implements Scrubbing {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async suspect(accountId: AccountId): Promise<void> {
    await this.dynamo.call(unavailable, async (call) => {
      try {
        await call.update({
          TableName: this.table,
          Key: SuspectsKey,
          UpdateExpression: 'ADD accounts :account',
          ConditionExpression: 'attribute_not_exists(accounts) OR size(accounts) < :most',
          ExpressionAttributeValues: { ':account': { SS: [accountId] }, ':most': { N: String(MAX_SUSPECTS) } },
        });
      } catch (failure) {
        if (!(failure instanceof RequestFailed && failure.exception === 'ConditionalCheckFailedException'))
          throw failure;
      }
    });
  }

  async suspects(): Promise<readonly AccountId[]> {
    const { Item } = await this.dynamo.call(unavailable, (call) =>
      call.get({ TableName: this.table, Key: SuspectsKey, ConsistentRead: true }),
    );
    return [...(Item?.accounts?.SS ?? [])].sort() as AccountId[];
  }

  async clear(accountId: AccountId): Promise<void> {
    await this.dynamo.call(unavailable, (call) =>
      call.update({
        TableName: this.table,
        Key: SuspectsKey,
        UpdateExpression: 'DELETE accounts :account',
        ExpressionAttributeValues: { ':account': { SS: [accountId] } },
      }),
    );
  }

  async place(walk: Walk): Promise<WalkPlace> {
    const { Item } = await this.dynamo.call(unavailable, (call) =>
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
    await this.dynamo.call(unavailable, (call) => call.put({ TableName: this.table, Item }));
  }
}
