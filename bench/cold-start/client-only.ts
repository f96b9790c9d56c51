// Owns the floor of a cold start: a function that only makes the client that every function of Baseload makes.
import { DynamoDBClient, PutItemCommand, type PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import { awsClientConfig } from '../../lambdas/adapters/aws-client.ts';

const client = new DynamoDBClient(awsClientConfig({ region: process.env.AWS_REGION ?? '' }));

export const handler = (input: PutItemCommandInput): Promise<unknown> => client.send(new PutItemCommand(input));
