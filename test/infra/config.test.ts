import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseConfig, readConfig } from '../../lib/config.ts';

const usConfig = () => readConfig('baseload.config.json');
const euConfig = () => readConfig('baseload.eu.config.json');

const changed = (change: object) => () => parseConfig({ ...usConfig(), ...change }, 'my.json');

describe('the config files of the repository', () => {
  test('us: two Regions and a witness in the United States', () => {
    expect(usConfig()).toMatchObject({
      jurisdiction: 'us',
      regions: ['us-east-1', 'us-west-2'],
      witnessRegion: 'us-east-2',
    });
  });

  test('eu: two Regions and a witness in member states', () => {
    expect(euConfig()).toMatchObject({
      jurisdiction: 'eu',
      regions: ['eu-west-1', 'eu-central-1'],
      witnessRegion: 'eu-west-3',
    });
  });
});

test('remediation is on where the config does not speak of it', () => {
  const { remediation: _, ...config } = usConfig();
  expect(parseConfig(config, 'my.json').remediation).toBe('on');
});

describe('a wrong field is told with its path, what was received and what to do', () => {
  test.each<[string, object, string]>([
    [
      'jurisdiction',
      { jurisdiction: 'uk' },
      'jurisdiction: must be one of us, eu, got "uk": an account id of the API starts with it',
    ],
    [
      'account',
      { account: '1234' },
      'account: must be 12 digits, got "1234": leave it out to synthesize for whichever account deploys',
    ],
    [
      'generation of the ledger',
      { ledgerGeneration: 'second' },
      'ledgerGeneration: must be a generation like "g2", got "second": docs/total-loss.md says when there is a next one',
    ],
    [
      'noticeSender',
      { noticeSender: 'Billing@us.example.com' },
      'noticeSender: must be an e-mail address in lower case, got "Billing@us.example.com": IAM compares it letter by letter',
    ],
    [
      'remediation',
      { remediation: true },
      'remediation: must be "on" or "off", got true: on lets dead letters go back once, when their trouble is over; leave it out for on',
    ],
    [
      'lock mode',
      { retention: { lockMode: 'LEGAL', archiveYears: 7, backupDays: 35 } },
      'retention.lockMode: must be one of GOVERNANCE, COMPLIANCE, got "LEGAL": COMPLIANCE cannot be undone by anybody, GOVERNANCE is the start',
    ],
    [
      'years of the archive',
      { retention: { lockMode: 'GOVERNANCE', archiveYears: 0, backupDays: 35 } },
      'retention.archiveYears: must be a whole number of years from 1 to 30, got 0: the law of the jurisdiction says how long books are kept',
    ],
    [
      'regions, one only',
      { regions: ['us-east-1'] },
      'regions: must be a list of exactly two Regions, got ["us-east-1"]: both serve payers; the witness is not one of them',
    ],
    [
      'regions, not a Region',
      { regions: ['us-east-1', 'Oregon'] },
      'regions.1: must be a Region like "us-east-1", got "Oregon": name one of the jurisdiction',
    ],
    [
      'hostedZone.id',
      { hostedZone: { id: 'example.com', name: 'example.com' } },
      'hostedZone.id: must be a hosted zone id like "Z0123456789EXAMPLE", got "example.com": see: aws route53 list-hosted-zones',
    ],
    [
      'hostname too long for a certificate',
      { hostname: `${'billing-'.repeat(7)}us.example.com` },
      'hostname: must have at most 64 characters, got 70: ACM takes no longer first name of a certificate',
    ],
    [
      'hostname at the apex',
      { hostname: 'example.com' },
      'hostname: must be below hostedZone.name, got "example.com" and "example.com": a CNAME cannot stand at the apex',
    ],
    [
      'hostname in capitals',
      { hostname: 'Billing.example.com' },
      'hostname: must be the hostname that payers use in lower case and without a final dot, got "Billing.example.com": a name below the hosted zone',
    ],
    [
      'jwt.issuer over http',
      { jwt: { issuer: 'http://issuer.example.com/', audience: ['a'] } },
      'jwt.issuer: must be an https address without query, got "http://issuer.example.com/": exactly the iss claim of its tokens',
    ],
    [
      'jwt.audience empty',
      { jwt: { issuer: 'https://issuer.example.com/', audience: [] } },
      'jwt.audience: must be a list with at least one audience, got []: the aud or client_id claim of the tokens',
    ],
    [
      'corsOrigins with a wildcard',
      { corsOrigins: ['*'] },
      'corsOrigins.0: must be an origin like "https://portal.example.com", got "*": no path, no wildcard',
    ],
    [
      'logRetentionDays',
      { logRetentionDays: 100 },
      'logRetentionDays: must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 (days), got 100: CloudWatch Logs takes no others',
    ],
    [
      'accountLimits',
      { accountLimits: { payments: 5, lookups: 200 } },
      'accountLimits.payments: must be a whole number of requests of one account in ten seconds from 20 to 10000, got 5: copy it from baseload.config.json',
    ],
    [
      'throttles against the priority',
      { throttles: { ...usConfig().throttles, lookup: { ratePerSecond: 1000, burst: 400 } } },
      'throttles.lookup.ratePerSecond: must be below the 1000 of payments, got 1000: under pressure payments goes first',
    ],
    [
      'reservedConcurrency against the priority',
      { reservedConcurrency: { ...usConfig().reservedConcurrency, readings: 160 } },
      'reservedConcurrency.readings: must be below the 160 of lookup, got 160: under pressure lookup goes first',
    ],
    [
      'throttles',
      { throttles: { ...usConfig().throttles, payments: { ratePerSecond: 0.5, burst: 1 } } },
      'throttles.payments.ratePerSecond: must be a whole number of requests a second from 1 to 10000, got 0.5: an account has 10000 a Region by default, for all its APIs',
    ],
    [
      'reservedConcurrency',
      { reservedConcurrency: { ...usConfig().reservedConcurrency, health: '20' } },
      'reservedConcurrency.health: must be a whole number of concurrent executions from 1 to 900, got "20": npm run preflight compares the sum with the quota',
    ],
    [
      'alarmEmails',
      { alarmEmails: { P0: ['nobody'] } },
      'alarmEmails.P0.0: must be an e-mail address, got "nobody": SNS sends it a confirmation to click',
    ],
    [
      'healthCheck.intervalSeconds',
      { healthCheck: { intervalSeconds: 5, failureThreshold: 1 } },
      'healthCheck.intervalSeconds: must be 10 or 30, got 5: Route 53 knows no other interval',
    ],
    [
      'recordTtlSeconds',
      { recordTtlSeconds: undefined },
      'recordTtlSeconds: must be a whole number of seconds from 1 to 60, got nothing: failover waits for it; 5 is the design',
    ],
    ['unknown field', { regoins: [] }, 'regoins: unknown field: remove it or correct its name'],
  ])('%s', (_field, change, line) => {
    expect(changed(change)).toThrow(new Error(`my.json is not a valid config:\n  ${line}`));
  });

  test('all wrong fields at once, each on its line', () => {
    expect(changed({ hostname: 7, recordTtlSeconds: 90 })).toThrow(/\n {2}hostname: .*\n {2}recordTtlSeconds: /);
  });
});

describe('Regions outside the jurisdiction are refused', () => {
  test.each<[string, object, string]>([
    [
      'a replica in London',
      { regions: ['eu-west-1', 'eu-west-2'] },
      'regions.1: must be a Region inside the jurisdiction, got "eu-west-2"',
    ],
    [
      'a witness in Zurich',
      { witnessRegion: 'eu-central-2' },
      'witnessRegion: must be a Region inside the jurisdiction, got "eu-central-2"',
    ],
    [
      'a vault in London',
      {
        retention: {
          ...euConfig().retention,
          copyBackupsTo: 'arn:aws:backup:eu-west-2:111122223333:backup-vault:baseload',
        },
      },
      'retention.copyBackupsTo: must be a Region inside the jurisdiction, got "eu-west-2"',
    ],
    [
      'an owner in Virginia',
      { ownerRegion: 'us-east-1' },
      'ownerRegion: must be a Region inside the jurisdiction, got "us-east-1"',
    ],
  ])('%s', (_what, change, line) => {
    const message = `${line}: jurisdiction eu has eu-central-1, eu-north-1, eu-south-1, eu-south-2, eu-west-1, eu-west-3`;
    expect(() => parseConfig({ ...euConfig(), ...change }, 'my.json')).toThrow(message);
  });

  test('a test account of another jurisdiction', () => {
    const outsidePayer = { account: 'us_test-a', currency: 'EUR', everyMinutes: 10 };
    expect(() => parseConfig({ ...euConfig(), outsidePayer }, 'my.json')).toThrow(
      'outsidePayer.account: must begin with "eu_test-", got "us_test-a": it is an account of the jurisdiction',
    );
  });

  test('a Region inside it that cannot hold the ledger', () => {
    expect(changed({ witnessRegion: 'us-west-1' })).toThrow(
      'witnessRegion: must be a Region that can hold the strongly consistent ledger, got "us-west-1": jurisdiction us has us-east-1, us-east-2, us-west-2',
    );
  });

  test.each<[string, object, string]>([
    [
      'twice the same',
      { regions: ['us-east-1', 'us-east-1'] },
      'regions.1: must differ from regions.0, got "us-east-1" twice',
    ],
    [
      'an owner that is no replica',
      { ownerRegion: 'us-east-2' },
      'ownerRegion: must be one of regions, got "us-east-2"',
    ],
    [
      'a witness that is a replica',
      { witnessRegion: 'us-west-2' },
      'witnessRegion: must be a third Region, got "us-west-2"',
    ],
  ])('%s', (_what, change, line) => {
    expect(changed(change)).toThrow(line);
  });
});

describe('what is off by default', () => {
  test('is absent from both examples, and taken where it is well said', () => {
    for (const config of [usConfig(), euConfig()])
      expect([config.gameDays, config.outsidePayer]).toEqual([undefined, undefined]);
    const said = {
      gameDays: { schedule: { weekday: 'TUE', hourUtc: 13 } },
      outsidePayer: { account: 'us_test-2026q4', currency: 'USD', everyMinutes: 10 },
    };
    expect(parseConfig({ ...usConfig(), ...said }, 'my.json')).toMatchObject(said);
    expect(parseConfig({ ...usConfig(), gameDays: {} }, 'my.json').gameDays).toEqual({});
  });

  test.each<[string, object, string]>([
    [
      'a game day at the weekend',
      { gameDays: { schedule: { weekday: 'SUN', hourUtc: 13 } } },
      'gameDays.schedule.weekday: must be one of MON, TUE, WED, THU, FRI, got "SUN"',
    ],
    [
      'one that would end on the next day',
      { gameDays: { schedule: { weekday: 'TUE', hourUtc: 19 } } },
      'gameDays.schedule.hourUtc: must be a whole number of hours UTC from 0 to 18, got 19',
    ],
    [
      'a payer’s account',
      { outsidePayer: { account: 'us_a', currency: 'USD', everyMinutes: 10 } },
      'outsidePayer.account: must be a test account like "us_test-2026q4", got "us_a": payments of accounts that begin so are never charged',
    ],
    [
      'a time that is no period of an alarm',
      { outsidePayer: { account: 'us_test-a', currency: 'USD', everyMinutes: 7 } },
      'outsidePayer.everyMinutes: must be 1, 5, 10, 15, 30 or 60, got 7',
    ],
  ])('%s', (_what, change, line) => {
    expect(changed(change)).toThrow(line);
  });
});

describe('the file itself', () => {
  test('is missing', () => {
    expect(() => readConfig('/nowhere/my.json')).toThrow(
      'config file /nowhere/my.json cannot be read: name one that is there (npx cdk … -c config=FILE, npm run preflight -- --config FILE)',
    );
  });

  test('is not JSON', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'baseload-config-')), 'my.json');
    writeFileSync(file, '{ regions');
    expect(() => readConfig(file)).toThrow(`config file ${file} is not JSON: `);
  });
});
