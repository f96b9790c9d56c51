// The proof that IAM is enforced from the templates: one grant less in the assembly, and the handler is denied as AWS would deny it.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChangedRun, startChanged, type TemplateResource } from '../../drills/pair/changed-assembly.ts';
import type { Harness } from '../../drills/pair/harness.ts';

const ACCOUNT = 'us_no-grant';
const REGION = 'us-east-1';

interface Statement {
  Action: string | string[];
}

/** Takes `dynamodb:PutItem` from every statement of the payments function's policies. @returns how many it was taken from */
const withoutPut = (resources: readonly TemplateResource[]): number => {
  let taken = 0;
  for (const { logicalId, type, properties } of resources) {
    if (!/payments/i.test(logicalId) || !['AWS::IAM::Role', 'AWS::IAM::Policy'].includes(type)) continue;
    const { Policies = [], PolicyDocument } = properties as {
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
  let changed: ChangedRun | undefined;
  let baseload: Harness;

  beforeAll(async () => {
    let taken = 0;
    changed = await startChanged((region, resources) => {
      if (region === REGION) taken = withoutPut(resources);
    });
    expect(taken).toBe(1);
    baseload = changed.baseload;
  }, 90_000);

  afterAll(() => changed?.end(), 30_000);

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
    const logs = join(changed?.dataDir ?? '', 'logs');
    const names = await readdir(logs);
    const text = (await Promise.all(names.map((name) => readFile(join(logs, name), 'utf8')))).join('\n');
    expect(text).toMatch(
      /User: arn:aws:sts::\d{12}:assumed-role\/[\w-]*payments[\w-]*\/baseload-us-payments is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:\d{12}:table\/baseload-us-ledger-g1 because no identity-based policy allows the dynamodb:PutItem action/i,
    );
  });
});
