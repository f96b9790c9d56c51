// Owns what must be there before a first deployment, and what to do about each thing that is not.
// Leaves to preflight-world.ts how it is found out and to preflight.ts how it is told.
import { isIP } from 'node:net';
import { functionName, SLUGS, tableName } from '../lambdas/shared/names.ts';
import type { BaseloadConfig } from '../lib/config.ts';
import type { World } from './preflight-world.ts';

export interface Finding {
  /** `note`: right or wrong depending on what only the reader knows. */
  readonly state: 'ok' | 'missing' | 'note';
  /** A Region, or `everywhere`. */
  readonly where: string;
  readonly text: string;
}

const ok = (where: string, text: string): Finding => ({ state: 'ok', where, text });
const missing = (where: string, text: string): Finding => ({ state: 'missing', where, text });
const note = (where: string, text: string): Finding => ({ state: 'note', where, text });

const EVERYWHERE = 'everywhere';
/** Lambda keeps this many for functions without a reservation and refuses to reserve them. */
const STAYS_UNRESERVED = 100;

const because = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** A question that could not be asked is a finding, never the end of the others. */
const asking = async (
  what: string,
  where: string,
  ask: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> => {
  try {
    return await ask();
  } catch (error) {
    return [missing(where, `${what} could not be checked (${because(error)}): mend that and run the preflight again`)];
  }
};

const withoutDot = (name: string): string => name.replace(/\.$/, '').toLowerCase();

const checkZone = async ({ hostedZone }: BaseloadConfig, world: World): Promise<readonly Finding[]> => {
  const { name, isPrivate, nameServers } = await world.hostedZone(hostedZone.id);
  if (withoutDot(name) !== hostedZone.name) {
    return [
      missing(
        EVERYWHERE,
        `hosted zone ${hostedZone.id} is ${name}, not ${hostedZone.name}: correct hostedZone in the config`,
      ),
    ];
  }
  if (isPrivate) {
    return [missing(EVERYWHERE, `hosted zone ${hostedZone.id} is private: payers and health checks need a public one`)];
  }
  const expected = nameServers.map(withoutDot).sort().join(', ');
  const found = (await world.nameServersOf(hostedZone.name).catch(() => [])).map(withoutDot).sort().join(', ');
  if (found !== expected) {
    const what = `${hostedZone.name} is delegated to ${found === '' ? 'nobody' : found}`;
    return [
      missing(EVERYWHERE, `${what}: set these name servers at the domain's registrar or parent zone: ${expected}`),
    ];
  }
  return [ok(EVERYWHERE, `hosted zone ${hostedZone.name} is public and delegated to Route 53`)];
};

const checkAuthorities = async ({ hostedZone }: BaseloadConfig, world: World): Promise<readonly Finding[]> => {
  const admitted = await world.admittedAuthorities(hostedZone.name);
  const admitsAmazon =
    admitted.length === 0 || admitted.some((one) => /(amazon|amazontrust|awstrust|amazonaws)\.com$/.test(one));
  return admitsAmazon
    ? [ok(EVERYWHERE, `${hostedZone.name} lets ACM issue the certificates`)]
    : [missing(EVERYWHERE, `CAA of ${hostedZone.name} admits only ${admitted.join(', ')}: add 0 issue "amazon.com"`)];
};

/** Loopback, link-local and the private ranges: API Gateway reaches none of them. */
const isPrivateAddress = (address: string): boolean =>
  isIP(address) === 4
    ? /^(10|127|0)\.|^169\.254\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\./.test(address)
    : /^(::1$|f[cd]|fe[89ab])/i.test(address);

const checkIssuer = async ({ jwt, regions }: BaseloadConfig, world: World): Promise<readonly Finding[]> => {
  const { issuer } = jwt;
  const addresses = await world.addressesOf(new URL(issuer).hostname);
  const unreachable = addresses.filter(isPrivateAddress);
  if (unreachable.length > 0) {
    return [
      missing(
        EVERYWHERE,
        `issuer ${issuer} is at ${unreachable.join(', ')}: API Gateway in ${regions.join(' and ')} needs a public address`,
      ),
    ];
  }
  const discovery = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const { issuer: named, jwks_uri: keysUrl } = (await world.json(discovery)) as {
    readonly issuer?: unknown;
    readonly jwks_uri?: unknown;
  };
  if (named !== issuer) {
    return [
      missing(
        EVERYWHERE,
        `${discovery} names the issuer ${JSON.stringify(named)}: jwt.issuer must be exactly that, to the last slash`,
      ),
    ];
  }
  if (typeof keysUrl !== 'string')
    return [missing(EVERYWHERE, `${discovery} has no jwks_uri: API Gateway cannot check signatures`)];
  const { keys } = (await world.json(keysUrl)) as { readonly keys?: readonly { readonly kty?: unknown }[] };
  const rsa = (keys ?? []).filter(({ kty }) => kty === 'RSA');
  return rsa.length === 0
    ? [missing(EVERYWHERE, `${keysUrl} holds no RSA key: API Gateway takes no other kind`)]
    : [
        ok(
          EVERYWHERE,
          `issuer ${issuer} answers with ${rsa.length} RSA key(s), from public addresses that both Regions reach`,
        ),
      ];
};

const checkDynamoDb = async (region: string, role: string, world: World): Promise<readonly Finding[]> => {
  await world.dynamoDbAnswers(region);
  return [ok(region, `enabled for the account and able to hold the ledger's ${role}`)];
};

const checkConcurrency = async (region: string, config: BaseloadConfig, world: World): Promise<readonly Finding[]> => {
  const names = SLUGS.map((slug) => functionName(config.jurisdiction, slug));
  const { limit, unreserved, ours } = await world.concurrency(region, names);
  const wanted = Object.values(config.reservedConcurrency).reduce((sum, one) => sum + one, 0);
  const others = limit - unreserved - ours;
  const needed = wanted + others + STAYS_UNRESERVED;
  const sum = `${wanted} to reserve + ${others} reserved by other functions + ${STAYS_UNRESERVED} that stay unreserved`;
  return needed <= limit
    ? [ok(region, `Lambda concurrency: ${limit} covers ${sum}`)]
    : [
        missing(
          region,
          `Lambda concurrency: ${limit} does not cover ${sum}: ask for ${needed} in Service Quotas (L-B99A9384), or lower reservedConcurrency`,
        ),
      ];
};

const checkBootstrap = async (
  region: string,
  account: string | undefined,
  world: World,
): Promise<readonly Finding[]> => {
  if (account === undefined) {
    return [
      missing(
        region,
        'CDK bootstrap not checked: these credentials do not tell their account: set "account" in the config',
      ),
    ];
  }
  return (await world.bucketExists(`cdk-hnb659fds-assets-${account}-${region}`, region))
    ? [ok(region, `CDK is bootstrapped in account ${account}`)]
    : [missing(region, `CDK is not bootstrapped: npx cdk bootstrap aws://${account}/${region}`)];
};

const checkTables = async (
  region: string,
  { jurisdiction }: BaseloadConfig,
  world: World,
): Promise<readonly Finding[]> => {
  const names = (['ledger', 'profiles', 'views', 'region-state'] as const).map((table) =>
    tableName(jurisdiction, table),
  );
  const found = await Promise.all(names.map(async (name) => ({ name, status: await world.tableStatus(region, name) })));
  const existing = found.filter(({ status }) => status !== undefined);
  return existing.length === 0
    ? [ok(region, 'no table has a name that Baseload needs')]
    : existing.map(({ name, status }) =>
        note(
          region,
          `table ${name} exists (${status}): right when Baseload is deployed; left by a deployment that was rolled back: adopt it with cdk deploy --import-existing-resources; else raise GENERATION in lambdas/shared/names.ts`,
        ),
      );
};

/** Everything at once; each Region of the config, and the witness. Never rejects. */
export const preflight = async (config: BaseloadConfig, world: World): Promise<readonly Finding[]> => {
  const { regions, witnessRegion, ownerRegion, hostedZone } = config;
  const account = await world.credentials(ownerRegion).catch(() => undefined);
  const inAws = (what: string, where: string, ask: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> =>
    account === undefined
      ? Promise.resolve([
          missing(where, `${what} not checked: no AWS credentials: set AWS_PROFILE, or sign in, and run it again`),
        ])
      : asking(what, where, ask);
  const findings = await Promise.all([
    inAws(`hosted zone ${hostedZone.id}`, EVERYWHERE, () => checkZone(config, world)),
    asking(`CAA of ${hostedZone.name}`, EVERYWHERE, () => checkAuthorities(config, world)),
    asking(`issuer ${config.jwt.issuer}`, EVERYWHERE, () => checkIssuer(config, world)),
    ...regions.flatMap((region) => [
      inAws('DynamoDB', region, () => checkDynamoDb(region, 'replica', world)),
      inAws('Lambda concurrency', region, () => checkConcurrency(region, config, world)),
      inAws('CDK bootstrap', region, () => checkBootstrap(region, config.account ?? account?.accountId, world)),
      inAws('tables', region, () => checkTables(region, config, world)),
    ]),
    inAws('DynamoDB', witnessRegion, () => checkDynamoDb(witnessRegion, 'witness', world)),
  ]);
  return findings.flat();
};
