// Owns the catalog table: tariffs, meters by account and each meter's owner, replicated to the other Region, last writer wins.
// Leaves to catalog-rows.ts what its keys are. A meter given to two accounts in two Regions at once stays with both until the owner
// row has come over: the later writer's account is the owner then.
import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type AccountId, accountId as parseAccountId } from '../../domain/ids.ts';
import {
  type AccountPage,
  type Catalog,
  CatalogUnavailable,
  type CatalogWrite,
  MAX_METERS_PER_ACCOUNT,
  MAX_VERSIONS,
  type Meter,
  type MeterTariff,
  type TariffVersion,
} from '../../ports/catalog.ts';
import {
  ACCOUNT_PREFIX,
  accountKey,
  meterKey,
  metersOf,
  ownerKey,
  startKey,
  startOf,
  tariffKey,
} from '../catalog-rows.ts';
import { type Dynamo, type DynamoCall, RequestFailed } from './client.ts';
import { queryUpTo } from './paging.ts';

type Item = Record<string, AttributeValue>;

const OWNER = 'owner';
/** Of one account: each meter's own row and its tariffs. */
const MAX_ACCOUNT_ROWS = MAX_METERS_PER_ACCOUNT * (MAX_VERSIONS + 1);

const unavailable = (cause: RequestFailed) => new CatalogUnavailable(cause.message, { cause });

export class DynamoCatalog implements Catalog {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  async putTariff({ tariffId, startDate, rate }: TariffVersion): Promise<CatalogWrite> {
    return this.dynamo.call(unavailable, async (call) => {
      const starts = (await this.#query(call, tariffKey(tariffId), MAX_VERSIONS, 'sk')).map(({ sk }) => sk?.S);
      if (starts.length >= MAX_VERSIONS && !starts.includes(startKey(startDate))) return 'full';
      await this.#put(call, { pk: { S: tariffKey(tariffId) }, sk: { S: startKey(startDate) }, rate: { S: rate } });
      return 'written';
    });
  }

  async tariffVersions(tariffId: string): Promise<readonly TariffVersion[]> {
    const items = await this.dynamo.call(unavailable, (call) => this.#query(call, tariffKey(tariffId), MAX_VERSIONS));
    return items.map(({ sk, rate }) => ({ tariffId, startDate: startOf(sk?.S ?? ''), rate: rate?.S ?? '' }));
  }

  async joinMeter(accountId: AccountId, meterId: string): Promise<CatalogWrite> {
    return this.dynamo.call(unavailable, (call) => this.#join(call, accountId, meterId));
  }

  async assignTariff(accountId: AccountId, meterId: string, { from, tariffId }: MeterTariff): Promise<CatalogWrite> {
    return this.dynamo.call(unavailable, async (call) => {
      const meter = (await this.#meters(call, accountId)).find((one) => one.meterId === meterId);
      const isNew = meter?.tariffs.every((tariff) => tariff.from !== from) ?? true;
      if (isNew && (meter?.tariffs.length ?? 0) >= MAX_VERSIONS) return 'full';
      const joined = await this.#join(call, accountId, meterId);
      if (joined !== 'written') return joined;
      const key = { pk: { S: accountKey(accountId) }, sk: { S: meterKey(meterId, from) } };
      await this.#put(call, { ...key, tariffId: { S: tariffId } });
      return 'written';
    });
  }

  async meters(accountId: AccountId): Promise<readonly Meter[]> {
    return this.dynamo.call(unavailable, (call) => this.#meters(call, accountId));
  }

  async accountsWithMeters({
    limit,
    cursor,
  }: {
    readonly limit: number;
    readonly cursor?: string;
  }): Promise<AccountPage> {
    const { Items = [], LastEvaluatedKey } = await this.dynamo.call(unavailable, (call) =>
      call.scan({
        TableName: this.table,
        Limit: limit,
        ProjectionExpression: 'pk',
        FilterExpression: 'begins_with(pk, :accounts)',
        ExpressionAttributeValues: { ':accounts': { S: ACCOUNT_PREFIX } },
        ...(cursor === undefined ? {} : { ExclusiveStartKey: keyIn(cursor) }),
      }),
    );
    const found = new Set(Items.map(({ pk }) => parseAccountId((pk?.S ?? '').slice(ACCOUNT_PREFIX.length))));
    const accountIds = [...found].filter((id) => id !== undefined);
    return LastEvaluatedKey === undefined ? { accountIds } : { accountIds, cursor: cursorOf(LastEvaluatedKey) };
  }

  /** The owner first: a repetition after a crash between the two finds its own and goes on. */
  async #join(call: DynamoCall, accountId: AccountId, meterId: string): Promise<CatalogWrite> {
    const meters = await this.#meters(call, accountId);
    const isNew = meters.every((meter) => meter.meterId !== meterId);
    if (isNew && meters.length >= MAX_METERS_PER_ACCOUNT) return 'full';
    try {
      await call.put({
        TableName: this.table,
        Item: { pk: { S: ownerKey(meterId) }, sk: { S: OWNER }, account: { S: accountId } },
        ConditionExpression: 'attribute_not_exists(pk) OR account = :account',
        ExpressionAttributeValues: { ':account': { S: accountId } },
      });
    } catch (error) {
      const refusal = error instanceof RequestFailed ? error.cause : error;
      if (refusal instanceof ConditionalCheckFailedException) return 'taken';
      throw error;
    }
    if (isNew) await this.#put(call, { pk: { S: accountKey(accountId) }, sk: { S: meterKey(meterId) } });
    return 'written';
  }

  async #meters(call: DynamoCall, accountId: AccountId): Promise<readonly Meter[]> {
    const items = await this.#query(call, accountKey(accountId), MAX_ACCOUNT_ROWS);
    return metersOf(items.map(({ sk, tariffId }) => ({ sk: sk?.S ?? '', tariffId: tariffId?.S })));
  }

  async #put(call: DynamoCall, item: Item): Promise<void> {
    await call.put({ TableName: this.table, Item: item });
  }

  #query(call: DynamoCall, pk: string, count: number, only?: string): Promise<Item[]> {
    const input = {
      TableName: this.table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
      ...(only === undefined ? {} : { ProjectionExpression: only }),
    };
    return queryUpTo(call, input, count);
  }
}

const cursorOf = ({ pk, sk }: Item): string =>
  Buffer.from(JSON.stringify([pk?.S ?? '', sk?.S ?? ''])).toString('base64url');

const keyIn = (cursor: string): Item => {
  const [pk, sk] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string];
  return { pk: { S: pk }, sk: { S: sk } };
};
