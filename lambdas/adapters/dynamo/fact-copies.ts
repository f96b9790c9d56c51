// Owns the ledger's and the views' items as they are: read without their checks being an error, put back under what was seen.
// Leaves to stored-fact.ts the checks. Putting back is UpdateItem, which the role of nobody else has on the ledger.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type AccountId, accountId as accountIdFrom } from '../../domain/ids.ts';
import type { FactKey } from '../../domain/keys.ts';
import type { Copy, SoundCopy } from '../../domain/verify-account.ts';
import { CorruptFact } from '../../ports/event-log.ts';
import type { FactCopies, HeldFact, Look, Seen } from '../../ports/fact-copies.ts';
import { TOTALS_KEY, timeKey } from '../view-rows.ts';
import type { Dynamo, RequestFailed } from './client.ts';
import { fromItem, type Item } from './fact-item.ts';
import { ledgerUnavailable, viewUnavailable } from './unavailable.ts';

export class DynamoFactCopies implements FactCopies {
  readonly #unavailable: (cause: RequestFailed) => Error;

  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
    private readonly store: 'ledger' | 'view',
  ) {
    this.#unavailable = store === 'ledger' ? ledgerUnavailable : viewUnavailable;
  }

  async account(accountId: AccountId, look: Look): Promise<readonly HeldFact[]> {
    const held: HeldFact[] = [];
    let ExclusiveStartKey: Item | undefined;
    do {
      // A page a call: the deadline is for each, however large the account is.
      const page = await this.dynamo.call(this.#unavailable, (call) =>
        call.query({
          TableName: this.table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: accountId } },
          ConsistentRead: look === 'strong',
          ExclusiveStartKey,
        }),
      );
      for (const item of page.Items ?? []) if (isFactRow(item)) held.push(heldFact(item));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return held;
  }

  async has(accountId: AccountId): Promise<boolean> {
    const { Items = [] } = await this.dynamo.call(this.#unavailable, (call) =>
      call.query({
        TableName: this.table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: accountId } },
        Limit: 1,
      }),
    );
    return Items.length > 0;
  }

  restore(accountId: AccountId, key: FactKey, copy: SoundCopy, seen: Seen): Promise<boolean> {
    const wanted: Item = {
      v: { N: String(copy.fact.schemaVersion) },
      body: { S: copy.body },
      sum: { S: copy.sum },
      ...(this.store === 'view' ? { at: { S: `${timeKey(copy.fact.occurredAtMs)}#${key}` } } : {}),
    };
    return this.dynamo.writeIf(this.#unavailable, (call) =>
      call.update({
        TableName: this.table,
        Key: { pk: { S: accountId }, sk: { S: key } },
        ...replacing(seen as Item | undefined, wanted),
      }),
    );
  }

  accounts({ limit, cursor }: Parameters<FactCopies['accounts']>[0]): ReturnType<FactCopies['accounts']> {
    return this.dynamo.call(this.#unavailable, async (call) => {
      const page = await call.scan({
        TableName: this.table,
        Limit: limit,
        ProjectionExpression: 'pk, sk',
        ...(cursor === undefined ? {} : { ExclusiveStartKey: keyIn(cursor) }),
      });
      const ids = (page.Items ?? []).map(({ pk }) => accountIdFrom(pk?.S ?? ''));
      const accounts = [...new Set(ids.filter((id) => id !== undefined))];
      const found = { accounts, items: ids.length };
      return page.LastEvaluatedKey === undefined ? found : { ...found, cursor: cursorAt(page.LastEvaluatedKey) };
    });
  }
}

const isFactRow = ({ sk }: Item): boolean => sk?.S !== TOTALS_KEY && sk?.S?.startsWith(`${TOTALS_KEY}#`) !== true;

const heldFact = (item: Item): HeldFact => {
  const { pk: _, sk, ...seen } = item;
  return { key: String(sk?.S) as FactKey, copy: copyOf(item), seen };
};

const copyOf = (item: Item): Copy => {
  try {
    return { kind: 'sound', fact: fromItem(item), body: String(item.body?.S), sum: String(item.sum?.S) };
  } catch (error) {
    if (!(error instanceof CorruptFact)) throw error;
    return { kind: 'corrupt', reason: error.reason };
  }
};

/** The update that makes exactly `wanted` of exactly `seen`: attributes that do not belong there go too. */
const replacing = (seen: Item | undefined, wanted: Item) => {
  const names = [...new Set([...Object.keys(seen ?? {}), ...Object.keys(wanted)])];
  const values: Record<string, AttributeValue> = {};
  const [conditions, sets, removes]: [string[], string[], string[]] = [[], [], []];
  for (const [place, name] of names.entries()) {
    const [old, next] = [seen?.[name], wanted[name]];
    if (old === undefined) conditions.push(`attribute_not_exists(#${place})`);
    else {
      conditions.push(`#${place} = :old${place}`);
      values[`:old${place}`] = old;
    }
    if (next === undefined) removes.push(`#${place}`);
    else {
      sets.push(`#${place} = :new${place}`);
      values[`:new${place}`] = next;
    }
  }
  return {
    UpdateExpression: `SET ${sets.join(', ')}${removes.length === 0 ? '' : ` REMOVE ${removes.join(', ')}`}`,
    // `pk` of an item that is there, so that one without any attribute is not taken for none.
    ConditionExpression: [seen === undefined ? 'attribute_not_exists(pk)' : 'attribute_exists(pk)', ...conditions].join(
      ' AND ',
    ),
    ExpressionAttributeNames: Object.fromEntries(names.map((name, place) => [`#${place}`, name])),
    ExpressionAttributeValues: values,
  };
};

const cursorAt = ({ pk, sk }: Item): string => Buffer.from(JSON.stringify([pk?.S, sk?.S])).toString('base64url');

const keyIn = (cursor: string): Item => {
  const [pk, sk] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string];
  return { pk: { S: pk }, sk: { S: sk } };
};
