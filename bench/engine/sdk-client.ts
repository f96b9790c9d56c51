// Owns the SDK client that the recipes share: configured as Baseload configures its own.
// Leaves to the recipes what they send.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClientConfig } from '../../lambdas/adapters/aws-client.ts';
import { REGION } from './tables.ts';

/** An engine on loopback takes any key, but wants to see one. */
export const CREDENTIALS = { accessKeyId: 'bench', secretAccessKey: 'local' };

export const sdkClient = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient(awsClientConfig({ region: REGION, endpoint, credentials: CREDENTIALS }));
