// Owns what the Regions' endpoints say to each other about MREC tables.
// Leaves to outbox.ts and inbox.ts when they say it.
import type { Item } from '../images.ts';

export const REPLICATION_PATH = '/__replicate';

/** The local credential of the replication: no role has it, and it is good for nothing else. */
export const REPLICATION_ACCESS_KEY = 'replication';

export const replicationHeaders: Readonly<Record<string, string>> = {
  authorization: `AWS4-HMAC-SHA256 Credential=${REPLICATION_ACCESS_KEY}/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
  'content-type': 'application/json',
};

/** The state of an item after its last write. */
export interface ReplicatedChange {
  readonly table: string;
  readonly key: Item;
  /** Null when it was deleted. */
  readonly image: Item | null;
  readonly atMs: number;
  readonly region: string;
}

export interface ReplicationMessage {
  readonly changes: readonly ReplicatedChange[];
}
