// Owns secrets of the Region: read once a worker, by name.
// Leaves to whoever rotates one that workers started before go on with the old until they end.
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecretUnavailable } from '../ports/secrets.ts';
import { AWS_TIMING } from '../shared/policies.ts';
import { awsClientConfig } from './aws-client.ts';
import { within } from './deadlines.ts';

/** Answers that no retry changes (Secrets Manager API reference, GetSecretValue and common errors). */
const REFUSALS: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'DecryptionFailure',
  'InvalidParameterException',
  'InvalidRequestException',
  'ResourceNotFoundException',
]);

/** @throws SecretUnavailable when Secrets Manager does not answer in time, refuses, or holds no text under the name */
export const readSecret = async (region: string, secretId: string): Promise<string> => {
  const secret = await textOf(region, secretId);
  if (!secret) throw new SecretUnavailable('refused', `secret ${secretId} holds no text`);
  return secret;
};

const textOf = async (region: string, secretId: string): Promise<string | undefined> => {
  const client = new SecretsManagerClient(awsClientConfig({ region }));
  try {
    const { SecretString } = await within(AWS_TIMING.callDeadlineMs, (abortSignal) =>
      client.send(new GetSecretValueCommand({ SecretId: secretId }), { abortSignal }),
    );
    return SecretString;
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : 'no error';
    const trouble = REFUSALS.has(name) ? 'refused' : 'away';
    // Its name alone: messages of errors are logged, and this one is somebody else's.
    throw new SecretUnavailable(trouble, `secret ${secretId} could not be read: ${name}`, { cause });
  } finally {
    client.destroy();
  }
};
