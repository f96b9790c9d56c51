// Owns secrets of the Region: read once a worker, by name.
// Leaves to whoever rotates one that workers started before go on with the old until they end.
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AWS_ATTEMPTS, AWS_TIMING } from '../shared/policies.ts';
import { within } from './dynamo/deadlines.ts';

/** @throws Error when Secrets Manager does not answer in time, refuses, or holds no text under the name */
export const readSecret = async (region: string, secretId: string): Promise<string> => {
  const { connectTimeoutMs, requestTimeoutMs, callDeadlineMs } = AWS_TIMING;
  const client = new SecretsManagerClient({
    region,
    maxAttempts: AWS_ATTEMPTS,
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  });
  try {
    const { SecretString: secret } = await within(callDeadlineMs, (abortSignal) =>
      client.send(new GetSecretValueCommand({ SecretId: secretId }), { abortSignal }),
    );
    if (secret === undefined || secret === '') throw new Error(`secret ${secretId} holds no text`);
    return secret;
  } finally {
    client.destroy();
  }
};
