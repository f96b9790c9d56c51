import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../lib/config.ts';
import { preflight } from '../../scripts/preflight-checks.ts';
import type { World } from '../../scripts/preflight-world.ts';

const config = readConfig('baseload.config.json');
const NAME_SERVERS = ['ns-1.awsdns-01.com', 'ns-2.awsdns-02.net'];

/** A world in which everything is there. */
const ready: World = {
  credentials: async () => ({ accountId: '111122223333' }),
  hostedZone: async () => ({ name: 'example.com.', isPrivate: false, nameServers: NAME_SERVERS }),
  nameServersOf: async () => ['NS-2.awsdns-02.net.', 'ns-1.awsdns-01.com'],
  admittedAuthorities: async () => [],
  addressesOf: async () => ['203.0.113.7', '2001:db8::7'],
  json: async (url) =>
    url.endsWith('/.well-known/openid-configuration')
      ? { issuer: 'https://issuer.example.com/', jwks_uri: 'https://issuer.example.com/keys' }
      : { keys: [{ kty: 'RSA' }] },
  dynamoDbAnswers: async () => undefined,
  tableStatus: async () => undefined,
  concurrency: async () => ({ limit: 1000, unreserved: 1000, ours: 0 }),
  bucketExists: async () => true,
};

const missingIn = async (change: Partial<World>, changedConfig = config): Promise<readonly string[]> => {
  const findings = await preflight(changedConfig, { ...ready, ...change });
  return findings.filter(({ state }) => state === 'missing').map(({ where, text }) => `${where}: ${text}`);
};

describe('before a first deployment', () => {
  test('everything is there: each thing said once, in each Region and the witness', async () => {
    const findings = await preflight(config, ready);
    expect(findings.map(({ state, where, text }) => `${state} ${where}: ${text}`)).toEqual([
      'ok everywhere: hosted zone example.com is public and delegated to Route 53',
      'ok everywhere: example.com lets ACM issue the certificates',
      'ok everywhere: issuer https://issuer.example.com/ answers with 1 RSA key(s), from public addresses that both Regions reach',
      "ok us-east-1: enabled for the account and able to hold the ledger's replica",
      'ok us-east-1: Lambda concurrency: 1000 covers 639 to reserve + 0 reserved by other functions + 100 that stay unreserved',
      'ok us-east-1: CDK is bootstrapped in account 111122223333',
      'ok us-east-1: no table has a name that Baseload needs',
      "ok us-west-2: enabled for the account and able to hold the ledger's replica",
      'ok us-west-2: Lambda concurrency: 1000 covers 639 to reserve + 0 reserved by other functions + 100 that stay unreserved',
      'ok us-west-2: CDK is bootstrapped in account 111122223333',
      'ok us-west-2: no table has a name that Baseload needs',
      "ok us-east-2: enabled for the account and able to hold the ledger's witness",
    ]);
  });

  test.each<[string, Partial<World>, string]>([
    [
      'another zone under that id',
      { hostedZone: async () => ({ name: 'example.org.', isPrivate: false, nameServers: NAME_SERVERS }) },
      'everywhere: hosted zone Z0123456789EXAMPLE is example.org., not example.com: correct hostedZone in the config',
    ],
    [
      'a private zone',
      { hostedZone: async () => ({ name: 'example.com.', isPrivate: true, nameServers: [] }) },
      'everywhere: hosted zone Z0123456789EXAMPLE is private: payers and health checks need a public one',
    ],
    [
      'a domain that is delegated elsewhere',
      { nameServersOf: async () => ['ns.elsewhere.net'] },
      "everywhere: example.com is delegated to ns.elsewhere.net: set these name servers at the domain's registrar or parent zone: ns-1.awsdns-01.com, ns-2.awsdns-02.net",
    ],
    [
      'a domain that is delegated to nobody',
      { nameServersOf: async () => Promise.reject(new Error('queryNs ENOTFOUND')) },
      "everywhere: example.com is delegated to nobody: set these name servers at the domain's registrar or parent zone: ns-1.awsdns-01.com, ns-2.awsdns-02.net",
    ],
    [
      'a CAA record that keeps ACM out',
      { admittedAuthorities: async () => ['letsencrypt.org'] },
      'everywhere: CAA of example.com admits only letsencrypt.org: add 0 issue "amazon.com"',
    ],
    [
      'an issuer inside a private network',
      { addressesOf: async () => ['10.0.0.7'] },
      'everywhere: issuer https://issuer.example.com/ is at 10.0.0.7: API Gateway in us-east-1 and us-west-2 needs a public address',
    ],
    [
      'an issuer that names itself otherwise',
      { json: async () => ({ issuer: 'https://issuer.example.com', jwks_uri: 'https://issuer.example.com/keys' }) },
      'everywhere: https://issuer.example.com/.well-known/openid-configuration names the issuer "https://issuer.example.com": jwt.issuer must be exactly that, to the last slash',
    ],
    [
      'an issuer that is down',
      { json: async () => Promise.reject(new Error('fetch failed')) },
      'everywhere: issuer https://issuer.example.com/ could not be checked (Error: fetch failed): mend that and run the preflight again',
    ],
  ])('%s', async (_what, change, line) => {
    expect(await missingIn(change)).toEqual([line]);
  });

  test('an issuer with keys that API Gateway does not take', async () => {
    const json: World['json'] = async (url) => (url.endsWith('/keys') ? { keys: [{ kty: 'EC' }] } : ready.json(url));
    expect(await missingIn({ json })).toEqual([
      'everywhere: https://issuer.example.com/keys holds no RSA key: API Gateway takes no other kind',
    ]);
  });

  test('the quota of a new account, and that of an account whose other functions took their part', async () => {
    const fresh: World['concurrency'] = async (region) =>
      region === 'us-west-2' ? { limit: 10, unreserved: 10, ours: 0 } : ready.concurrency(region, []);
    expect(await missingIn({ concurrency: fresh })).toEqual([
      'us-west-2: Lambda concurrency: 10 does not cover 639 to reserve + 0 reserved by other functions + 100 that stay unreserved: ask for 739 in Service Quotas (L-B99A9384), or lower reservedConcurrency',
    ]);
    const shared: World['concurrency'] = async () => ({ limit: 1000, unreserved: 100, ours: 500 });
    expect(await missingIn({ concurrency: shared })).toEqual([
      expect.stringContaining(
        'us-east-1: Lambda concurrency: 1000 does not cover 639 to reserve + 400 reserved by other functions + 100',
      ),
      expect.stringContaining('us-west-2: '),
    ]);
  });

  test('a Region that is not bootstrapped', async () => {
    expect(await missingIn({ bucketExists: async (_bucket, region) => region !== 'us-west-2' })).toEqual([
      'us-west-2: CDK is not bootstrapped: npx cdk bootstrap aws://111122223333/us-west-2',
    ]);
  });

  test('a witness Region that the account has not enabled', async () => {
    const dynamoDbAnswers: World['dynamoDbAnswers'] = async (region) => {
      if (region === 'us-east-2') throw new Error('The security token included in the request is invalid');
    };
    expect(await missingIn({ dynamoDbAnswers })).toEqual([
      'us-east-2: DynamoDB could not be checked (Error: The security token included in the request is invalid): mend that and run the preflight again',
    ]);
  });

  test('a table that is there already is something to look at', async () => {
    const findings = await preflight(config, {
      ...ready,
      tableStatus: async (_region, table) => (table.includes('ledger') ? 'ACTIVE' : undefined),
    });
    expect(findings.filter(({ state }) => state === 'note').map(({ where, text }) => `${where}: ${text}`)).toEqual([
      'us-east-1: table baseload-us-ledger-g1 exists (ACTIVE): right when Baseload is deployed; left by a deployment that was rolled back: adopt it with cdk deploy --import-existing-resources; else raise GENERATION in lambdas/shared/names.ts',
      'us-west-2: table baseload-us-ledger-g1 exists (ACTIVE): right when Baseload is deployed; left by a deployment that was rolled back: adopt it with cdk deploy --import-existing-resources; else raise GENERATION in lambdas/shared/names.ts',
    ]);
  });

  test('without credentials every question to AWS says so, and the others are still asked', async () => {
    const lines = await missingIn({
      credentials: async () => Promise.reject(new Error('Could not load credentials from any providers')),
    });
    expect(lines).toHaveLength(10);
    for (const line of lines)
      expect(line).toMatch(/ not checked: no AWS credentials: set AWS_PROFILE, or sign in, and run it again$/);
  });
});
