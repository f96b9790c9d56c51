// Owns the profiles table: one item per account, replicated to the other Region, last writer wins.
// Leaves to the handlers what a name and an address may look like.
import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { AccountId } from '../../domain/ids.ts';
import { type Profile, type Profiles, ProfilesUnavailable } from '../../ports/profiles.ts';
import { type Dynamo, RequestFailed } from './client.ts';

const profileOf = (accountId: AccountId, item: Record<string, AttributeValue>): Profile => ({
  accountId,
  name: item.name?.S ?? '',
  ...(item.email?.S === undefined ? {} : { email: item.email.S }),
});

const unavailable = (cause: RequestFailed) => new ProfilesUnavailable(cause.message, { cause });

export class DynamoProfiles implements Profiles {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async get(accountId: AccountId): Promise<Profile | undefined> {
    const { Item } = await this.dynamo.call(unavailable, (call) =>
      call.get({ TableName: this.table, Key: { pk: { S: accountId } }, ConsistentRead: true }),
    );
    return Item && profileOf(accountId, Item);
  }

  async putIfAbsent(profile: Profile): Promise<Profile> {
    return this.dynamo.call(unavailable, async (call) => {
      try {
        await call.put({
          TableName: this.table,
          Item: { pk: { S: profile.accountId }, name: { S: profile.name } },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        });
        return profile;
      } catch (error) {
        const refusal = error instanceof RequestFailed ? error.cause : error;
        if (refusal instanceof ConditionalCheckFailedException && refusal.Item) {
          return profileOf(profile.accountId, refusal.Item);
        }
        throw error;
      }
    });
  }

  async setEmail(accountId: AccountId, email: string | null): Promise<void> {
    await this.dynamo.call(
      (failure) =>
        failure.cause instanceof ConditionalCheckFailedException
          ? new ProfilesUnavailable('this Region holds no such profile yet')
          : unavailable(failure),
      (call) =>
        call.update({
          TableName: this.table,
          Key: { pk: { S: accountId } },
          ConditionExpression: 'attribute_exists(pk)',
          ...(email === null
            ? { UpdateExpression: 'REMOVE email' }
            : { UpdateExpression: 'SET email = :email', ExpressionAttributeValues: { ':email': { S: email } } }),
        }),
    );
  }
}
