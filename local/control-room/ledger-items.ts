// Owns how the control room reads and damages items past every handler: with the local administrator's key, at a Region's DynamoDB.
// Leaves to audit.ts what the facts say, and to corruption.ts which one is damaged.
import { createHash } from 'node:crypto';
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { OPERATOR_CREDENTIALS } from '../iam/callers.ts';
import type { LedgerFact } from './audit.ts';

export interface ItemPlace {
  readonly table: string;
  readonly account: string;
  readonly key: string;
}

export interface StoredBody {
  readonly body: string;
  readonly sum: string;
}

type Item = Record<string, AttributeValue>;

export class LedgerItems {
  readonly #clients = new Map<string, Promise<DynamoDBClient>>();

  /** @param endpoints of each Region's DynamoDB */
  constructor(private readonly endpoints: Readonly<Record<string, string>>) {}

  /** Of an account, read strongly. @throws what DynamoDB answers */
  async facts(region: string, table: string, account: string): Promise<readonly LedgerFact[]> {
    const { paginateQuery } = await import('@aws-sdk/client-dynamodb');
    const query = {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :account AND begins_with(sk, :payments)',
      ExpressionAttributeValues: { ':account': { S: account }, ':payments': { S: 'p#' } },
    };
    const facts: LedgerFact[] = [];
    const client = await this.#client(region);
    for await (const { Items = [] } of paginateQuery({ client }, query)) facts.push(...Items.map(factOf));
    return facts;
  }

  /** Undefined when there is no such item. */
  async body(region: string, place: ItemPlace): Promise<StoredBody | undefined> {
    const { GetItemCommand } = await import('@aws-sdk/client-dynamodb');
    const get = new GetItemCommand({ TableName: place.table, Key: keyOf(place), ConsistentRead: true });
    const { Item: item } = await (await this.#client(region)).send(get);
    return item === undefined ? undefined : { body: item['body']?.S ?? '', sum: item['sum']?.S ?? '' };
  }

  /** Puts another body under an item's checksum, as no service would. */
  async setBody(region: string, place: ItemPlace, body: string): Promise<void> {
    const { UpdateItemCommand } = await import('@aws-sdk/client-dynamodb');
    const update = new UpdateItemCommand({
      TableName: place.table,
      Key: keyOf(place),
      UpdateExpression: 'SET body = :body',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':body': { S: body } },
    });
    await (await this.#client(region)).send(update);
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) (await client).destroy();
  }

  /** The SDK is loaded at the first look: a run that nobody looks at does without it. */
  #client(region: string): Promise<DynamoDBClient> {
    const opened = this.#clients.get(region) ?? this.#open(region);
    this.#clients.set(region, opened);
    return opened;
  }

  async #open(region: string): Promise<DynamoDBClient> {
    const endpoint = this.endpoints[region];
    if (endpoint === undefined) throw new Error(`no DynamoDB of Region ${region} here`);
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    return new DynamoDBClient({ endpoint, region, credentials: OPERATOR_CREDENTIALS, maxAttempts: 1 });
  }
}

const keyOf = ({ account, key }: ItemPlace): Item => ({ pk: { S: account }, sk: { S: key } });

const factOf = (item: Item): LedgerFact => {
  const body = item['body']?.S ?? '';
  const isSound = createHash('sha256').update(body).digest('base64url') === item['sum']?.S;
  return { key: item['sk']?.S ?? '', isSound, ...readable(body) };
};

const readable = (body: string): Pick<LedgerFact, 'type' | 'amountMinor'> => {
  try {
    const { type, amountMinor } = JSON.parse(body) as { readonly type?: unknown; readonly amountMinor?: unknown };
    return { type: String(type), ...(typeof amountMinor === 'number' ? { amountMinor } : {}) };
  } catch {
    return {};
  }
};
