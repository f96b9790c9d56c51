// Owns pages of facts out of Query, whose own pages end at 1 MB wherever that falls.
// Leaves to its callers any other condition on the keys than what they begin with.
import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { FactPage } from '../../ports/event-log.ts';
import { toCursor } from '../cursor.ts';
import type { DynamoCall } from './client.ts';
import { fromItem, type Item } from './fact-item.ts';

/** Above all that a sort key of ours consists of. */
const LAST_CHARACTER = '\u007f';

/** The items of a partition from `first` to `last`, both included, read strongly. */
export const between = (pk: string, first: string, last: string) => ({
  KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
  ExpressionAttributeValues: { ':pk': { S: pk }, ':first': { S: first }, ':last': { S: last } },
  ConsistentRead: true,
});

/**
 * The items of a partition whose sort keys begin with `prefix`, read strongly. As a range, which costs the same on DynamoDB: the
 * engine of local runs looks a range up, and reads the whole partition for begins_with.
 */
export const beginningWith = (pk: string, prefix: string) => between(pk, prefix, prefix + LAST_CHARACTER);

/** Up to `count` items of a query, however many answers they come in; the deadline of the call bounds them. */
export const queryUpTo = async (call: DynamoCall, input: QueryCommandInput, count: number): Promise<Item[]> => {
  const items: Item[] = [];
  let { ExclusiveStartKey } = input;
  do {
    const answer = await call.query({ ...input, Limit: count - items.length, ExclusiveStartKey });
    items.push(...(answer.Items ?? []));
    ExclusiveStartKey = answer.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined && items.length < count);
  return items;
};

/** A page of `limit` facts, its cursor the last fact's `sortKey` attribute. Asks for one more, to know whether it is the last. */
export const queryPage = async (
  call: DynamoCall,
  input: QueryCommandInput,
  { limit, sortKey }: { readonly limit: number; readonly sortKey: string },
): Promise<FactPage> => {
  const items = await queryUpTo(call, input, limit + 1);
  const facts = items.slice(0, limit).map(fromItem);
  const last = items.length > limit ? items[limit - 1]?.[sortKey]?.S : undefined;
  return last === undefined ? { facts } : { facts, cursor: toCursor(last) };
};
