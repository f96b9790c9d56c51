// Owns what a record of the ledger's stream is: a new fact, a heartbeat, a seal, or something that should not have happened.
// Leaves to adapters/ the checks of a fact, and to create-project-facts-handler.ts what follows.
import type { DynamoDBRecord } from 'aws-lambda';
import { fromItem, type Item } from '../adapters/dynamo/fact-item.ts';
import type { Fact } from '../domain/facts.ts';
import { CorruptFact } from '../ports/event-log.ts';
import { SEAL_KEY_PREFIX } from '../shared/names.ts';

export type StreamRecord =
  | { readonly kind: 'fact'; readonly fact: Fact }
  | { readonly kind: 'heartbeat'; readonly region: string; readonly index: number; readonly atMs: number }
  /** Nothing for a view: lambdas/seal-windows reads the chains themselves. */
  | { readonly kind: 'seal' }
  /** A fact or seal was overwritten or removed: the view keeps what it has. */
  | { readonly kind: 'tampered'; readonly accountId: string; readonly factKey: string }
  /** What stands there now is a sound fact: a repair, if it is the one that was always there. */
  | { readonly kind: 'rewritten'; readonly fact: Fact }
  | { readonly kind: 'corrupt'; readonly error: CorruptFact }
  | { readonly kind: 'removed-heartbeat' };

const HEARTBEAT = /^hb#([a-z0-9-]+)#(\d{2})$/;

export const readRecord = (record: DynamoDBRecord): StreamRecord => {
  const { Keys: keys, NewImage: image } = record.dynamodb ?? {};
  const accountId = keys?.pk?.S ?? '?';
  const factKey = keys?.sk?.S ?? '?';
  const beat = HEARTBEAT.exec(accountId);
  if (beat !== null) {
    const atMs = Number(image?.at?.N);
    if (record.eventName === 'REMOVE' || !Number.isSafeInteger(atMs)) return { kind: 'removed-heartbeat' };
    return { kind: 'heartbeat', region: String(beat[1]), index: Number(beat[2]), atMs };
  }
  if (record.eventName !== 'INSERT') {
    const fact = record.eventName === 'MODIFY' ? soundFact(image) : undefined;
    return fact === undefined ? { kind: 'tampered', accountId, factKey } : { kind: 'rewritten', fact };
  }
  if (accountId.startsWith(SEAL_KEY_PREFIX)) return { kind: 'seal' };
  try {
    // Facts have strings and numbers only, which the stream writes as DynamoDB's own answers do.
    return { kind: 'fact', fact: fromItem({ ...image } as Item) };
  } catch (error) {
    if (error instanceof CorruptFact) return { kind: 'corrupt', error };
    throw error;
  }
};

const soundFact = (image: object | undefined): Fact | undefined => {
  try {
    return fromItem({ ...image } as Item);
  } catch (error) {
    if (error instanceof CorruptFact) return undefined;
    throw error;
  }
};
