// Owns the SDK client of all contenders: the one that Baseload makes for itself, so that no one is faster by its client.
// Leaves to the recipes what they send.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoClient } from '../../lambdas/adapters/dynamo/client.ts';
import { REGION } from './tables.ts';

/** An engine on loopback takes any key, but wants to see one. */
export const CREDENTIALS = { accessKeyId: 'bench', secretAccessKey: 'local' };

export const sdkClient = (endpoint: string): DynamoDBClient =>
  dynamoClient({ region: REGION, endpoint, credentials: CREDENTIALS });
