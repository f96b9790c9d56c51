// Owns how a change of the ledger reads in its stream.
// Leaves to project-facts/read-record.ts what is made of it.
import type { DynamoDBRecord } from 'aws-lambda';
import type { StoredFact } from '../../lambdas/adapters/stored-fact.ts';

type Change = 'INSERT' | 'MODIFY';

/** `sequence` names the record among all of the ledger. */
export const factRecord = (eventName: Change, { pk, sk, v, body, sum }: StoredFact, sequence: number): DynamoDBRecord =>
  record(eventName, sequence, pk, sk, { v: { N: String(v) }, body: { S: body }, sum: { S: sum } });

export const beatRecord = (partition: string, atMs: number, sequence: number): DynamoDBRecord =>
  record('MODIFY', sequence, partition, 'hb', { at: { N: String(atMs) } });

export const sealRecord = (partition: string, key: string, sequence: number): DynamoDBRecord =>
  record('INSERT', sequence, partition, key, {});

type Image = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>;

const record = (eventName: Change, sequence: number, pk: string, sk: string, rest: Image): DynamoDBRecord => {
  const Keys = { pk: { S: pk }, sk: { S: sk } };
  return { eventName, dynamodb: { SequenceNumber: String(sequence), Keys, NewImage: { ...Keys, ...rest } } };
};
