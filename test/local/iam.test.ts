// The proof that IAM is enforced from the templates: one grant less in the assembly, and the handler is denied as AWS would deny it.

import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Harness } from './harness.ts';
import { sharedRun } from './shared-run.ts';

const ACCOUNT = 'us_no-grant';
const REGION = 'us-east-1';

interface Statement {
  Action: string | string[];
}

/** Takes `dynamodb:PutItem` from every statement of the payments function's policies. @returns how many it was taken from */
const withoutPut = (template: {
  Resources: Record<string, { Type: string; Properties: Record<string, never> }>;
}): number => {
  let taken = 0;
  for (const [logicalId, { Type, Properties }] of Object.entries(template.Resources)) {
    if (!/payments/i.test(logicalId) || !['AWS::IAM::Role', 'AWS::IAM::Policy'].includes(Type)) continue;
    const { Policies = [], PolicyDocument } = Properties as {
      Policies?: { PolicyDocument: { Statement: Statement[] } }[];
      PolicyDocument?: { Statement: Statement[] };
    };
    for (const document of [...Policies.map((policy) => policy.PolicyDocument), PolicyDocument]) {
      for (const statement of document?.Statement ?? []) {
        const actions = [statement.Action].flat();
        if (!actions.includes('dynamodb:PutItem')) continue;
        statement.Action = actions.filter((action) => action !== 'dynamodb:PutItem');
        if (statement.Action.length === 0) statement.Action = ['dynamodb:DescribeLimits'];
        taken += 1;
      }
    }
  }
  return taken;
};

describe('an app with one grant removed', () => {
  let directory = '';
  let baseload: Harness;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'baseload-iam-'));
    const { assembly } = await sharedRun().wiring();
    await cp(assembly, join(directory, 'assembly'), { recursive: true });
    const file = (await readdir(join(directory, 'assembly'))).find((name) =>
      name.endsWith(`region-${REGION}.template.json`),
    );
    const path = join(directory, 'assembly', file ?? 'no template of the Region');
    const template = JSON.parse(await readFile(path, 'utf8'));
    expect(withoutPut(template)).toBe(1);
    await writeFile(path, JSON.stringify(template));
    baseload = await Harness.start(['--assembly', join(directory, 'assembly'), '--data-dir', join(directory, 'data')]);
  }, 90_000);

  afterAll(async () => {
    await baseload?.stop();
    await rm(directory, { recursive: true, force: true });
  }, 30_000);

  test('its payments are refused in that Region and accepted in the other', async () => {
    const operator = await baseload.token({ scope: 'billing:operate' });
    const account = { accountId: ACCOUNT, name: 'A payer', currency: 'USD', timeZone: 'America/New_York' };
    expect((await baseload.region(REGION, 'POST', '/v1/accounts', { token: operator, body: account })).status).toBe(
      201,
    );
    const token = await baseload.token({ accounts: [ACCOUNT], scope: 'billing:pay' });
    const request = { token, idempotencyKey: 'no-grant', body: { amountMinor: 100, currency: 'USD', method: 'card' } };
    const denied = await baseload.region(REGION, 'POST', `/v1/accounts/${ACCOUNT}/payments`, request);
    expect([denied.status, denied.body.type]).toEqual([503, 'not-attempted']);
    const accepted = await baseload.region('us-west-2', 'POST', `/v1/accounts/${ACCOUNT}/payments`, request);
    expect([accepted.status, accepted.headers.get('idempotent-replayed')]).toEqual([201, null]);
  }, 60_000);

  test('the log names who was denied what, in the words of AWS', async () => {
    const logs = await readdir(join(directory, 'data', 'logs'));
    const text = (await Promise.all(logs.map((name) => readFile(join(directory, 'data', 'logs', name), 'utf8')))).join(
      '\n',
    );
    expect(text).toMatch(
      /User: arn:aws:sts::\d{12}:assumed-role\/[\w-]*payments[\w-]*\/baseload-us-payments is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:\d{12}:table\/baseload-us-ledger-g1 because no identity-based policy allows the dynamodb:PutItem action/i,
    );
  });
});
