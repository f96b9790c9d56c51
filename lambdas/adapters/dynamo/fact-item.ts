// Owns the item of a fact in the ledger and in a view.
// Leaves to stored-fact.ts the checks.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Fact } from '../../domain/facts.ts';
import { loadFact, type StoredFact } from '../stored-fact.ts';

export type Item = Record<string, AttributeValue>;

export const toItem = ({ pk, sk, v, body, sum }: StoredFact): Item => ({
  pk: { S: pk },
  sk: { S: sk },
  v: { N: String(v) },
  body: { S: body },
  sum: { S: sum },
});

/** @throws CorruptFact */
export const fromItem = ({ pk, sk, v, body, sum }: Item): Fact =>
  loadFact({
    ...(pk?.S === undefined ? {} : { pk: pk.S }),
    ...(sk?.S === undefined ? {} : { sk: sk.S }),
    ...(v?.N === undefined ? {} : { v: Number(v.N) }),
    ...(body?.S === undefined ? {} : { body: body.S }),
    ...(sum?.S === undefined ? {} : { sum: sum.S }),
  });
