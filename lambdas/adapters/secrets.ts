// Owns secrets of the Region: read once a worker, by name.
// Leaves to whoever rotates one that workers started before go on with the old until they end.
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AWS_TIMING } from '../shared/policies.ts';
import { awsClientConfig } from './aws-client.ts';
import { within } from './deadlines.ts';

/** @throws Error when Secrets Manager does not answer in time, refuses, or holds no text under the name */
export const readSecret = async (region: string, secretId: string): Promise<string> => {
  const client = new SecretsManagerClient(awsClientConfig({ region }));
  try {
    const { SecretString: secret } = await within(AWS_TIMING.callDeadlineMs, (abortSignal) =>
      client.send(new GetSecretValueCommand({ SecretId: secretId }), { abortSignal }),
    );
    if (secret === undefined || secret === '') throw new Error(`secret ${secretId} holds no text`);
    return secret;
  } finally {
    client.destroy();
  }
};
