// Owns the wiring of the canary that CloudWatch Synthetics runs in a third Region: a run that throws has failed.
// Leaves to pay-once.ts what a run does, to lib/stacks/outside.ts how often, and who is told.
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { payOnce } from './pay-once.ts';
import { fetchToken } from './token.ts';

const secrets = new SecretsManagerClient({});

/** As lib/stacks/outside.ts sets them. */
const setting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`environment variable ${name} is not set`);
  return value;
};

export const handler = async (): Promise<void> => {
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: setting('SECRET_NAME') }));
  await payOnce(
    {
      origin: setting('ORIGIN'),
      accountId: setting('ACCOUNT_ID'),
      currency: setting('CURRENCY'),
      slotMs: Number(setting('SLOT_MS')),
    },
    await fetchToken(SecretString),
    Date.now(),
  );
};
