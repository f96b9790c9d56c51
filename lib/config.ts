// Owns the only list of Regions in the code, the shape of the config file, and a clear error for each of its fields.
// Leaves to residency.ts that what was synthesized from it stays inside the jurisdiction, and to lib/stacks what is built.
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { GAME_WEEKDAYS, GENERATION, PROCESSORS } from '../lambdas/shared/names.ts';
import {
  LATEST_GAME_DAY_HOUR,
  LOCK_MODES,
  LOG_RETENTION_DAYS,
  MAX_CERTIFICATE_NAME,
  MAX_RESERVED_CONCURRENCY,
} from './limits.ts';

interface JurisdictionRegions {
  /** Where money data may be: stored, copied, witnessed, logged. */
  readonly allowed: readonly string[];
  /** Those of them that can hold a replica or the witness of a strongly consistent table, as aws-cdk-lib knows them. */
  readonly strong: readonly string[];
}

/** The eu is made of member states: eu-west-2 (London) and eu-central-2 (Zurich) are outside. */
export const JURISDICTIONS = {
  us: {
    allowed: ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
    strong: ['us-east-1', 'us-east-2', 'us-west-2'],
  },
  eu: {
    allowed: ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3'],
    strong: ['eu-central-1', 'eu-west-1', 'eu-west-3'],
  },
} as const satisfies Record<string, JurisdictionRegions>;

export type Jurisdiction = keyof typeof JURISDICTIONS;

/** A field's error: what it must be, what was received, what to do. */
const must = (be: string, advice: string) => ({
  error: (issue: { readonly input?: unknown }) => `must be ${be}, got ${shown(issue.input)}: ${advice}`,
});

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

const region = z
  .string(must('a Region', 'name one of the jurisdiction'))
  .regex(/^[a-z]{2}-[a-z]+-\d$/, must('a Region like "us-east-1"', 'name one of the jurisdiction'));

const DNS_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

const dnsName = (what: string, advice: string) =>
  z.string(must(what, advice)).regex(DNS_NAME, must(`${what} in lower case and without a final dot`, advice));

const count = (least: number, most: number, unit: string, advice: string) => {
  const error = must(`a whole number of ${unit} from ${least} to ${most}`, advice);
  return z.int(error).min(least, error).max(most, error);
};

const throttle = z.strictObject(
  {
    ratePerSecond: count(1, 10_000, 'requests a second', 'an account has 10000 a Region by default, for all its APIs'),
    burst: count(1, 5_000, 'requests', 'an account has 5000 a Region by default, for all its APIs'),
  },
  must('{ "ratePerSecond", "burst" } and nothing else', 'copy it from baseload.config.json'),
);

/**
 * What a person, a portal and an app that retries together never reach, and a loop does within a second. Fewer than 20 would meet a
 * portal that opens every page at once; more than 10,000 in ten seconds are beyond what one partition of a table counts.
 */
const accountLimit = count(20, 10_000, 'requests of one account in ten seconds', 'copy it from baseload.config.json');

const reserved = count(
  1,
  MAX_RESERVED_CONCURRENCY,
  'concurrent executions',
  'npm run preflight compares the sum with the quota',
);

const emails = z.array(
  z.email(must('an e-mail address', 'SNS sends it a confirmation to click')),
  must('a list of e-mail addresses', 'use [] for none'),
);

const fields = z.strictObject(
  {
    jurisdiction: z.enum(
      Object.keys(JURISDICTIONS) as [Jurisdiction, ...Jurisdiction[]],
      must(`one of ${Object.keys(JURISDICTIONS).join(', ')}`, 'an account id of the API starts with it'),
    ),
    account: z
      .string(must('an AWS account id', 'leave it out to synthesize for whichever account deploys'))
      .regex(/^\d{12}$/, must('12 digits', 'leave it out to synthesize for whichever account deploys'))
      .optional(),
    regions: z.tuple(
      [region, region],
      must('a list of exactly two Regions', 'both serve payers; the witness is not one of them'),
    ),
    ownerRegion: region,
    witnessRegion: region,
    ledgerGeneration: z
      .string(must('a generation of the ledger', 'leave it out for the first, "g1"'))
      .regex(/^g[1-9]\d?$/, must('a generation like "g2"', 'docs/total-loss.md says when there is a next one'))
      .default(GENERATION),
    hostedZone: z.strictObject(
      {
        id: z
          .string(must('the id of a public hosted zone', 'see: aws route53 list-hosted-zones'))
          .regex(
            /^Z[A-Z0-9]{1,31}$/,
            must('a hosted zone id like "Z0123456789EXAMPLE"', 'see: aws route53 list-hosted-zones'),
          ),
        name: dnsName('the domain of the hosted zone', 'as Route 53 shows it'),
      },
      must('{ "id", "name" }', 'name the public hosted zone that holds the hostname'),
    ),
    hostname: dnsName('the hostname that payers use', 'a name below the hosted zone'),
    jwt: z.strictObject(
      {
        issuer: z
          .string(must('the https address of the OpenID Connect issuer', 'exactly the iss claim of its tokens'))
          .regex(/^https:\/\/[^\s?#]+$/, must('an https address without query', 'exactly the iss claim of its tokens')),
        audience: z
          .array(z.string().min(1), must('a list of audiences', 'the aud or client_id claim of the tokens'))
          .min(1, must('a list with at least one audience', 'the aud or client_id claim of the tokens')),
      },
      must('{ "issuer", "audience" }', 'name who issues the tokens of payers and operators'),
    ),
    corsOrigins: z.array(
      z
        .string(must('an origin', 'scheme and host of a page that calls the API'))
        .regex(/^https:\/\/[^/\s*]+$/, must('an origin like "https://portal.example.com"', 'no path, no wildcard')),
      must('a list of origins', 'use [] when no web page calls the API'),
    ),
    logRetentionDays: z.literal(
      LOG_RETENTION_DAYS,
      must(`one of ${LOG_RETENTION_DAYS.join(', ')} (days)`, 'CloudWatch Logs takes no others'),
    ),
    throttles: z.strictObject(
      {
        payments: throttle,
        operations: throttle,
        lookup: throttle,
        tariffs: throttle,
        readings: throttle,
        health: throttle,
      },
      must(
        'one throttle each for payments, operations, lookup, tariffs, readings, health',
        'copy them from baseload.config.json',
      ),
    ),
    accountLimits: z.strictObject(
      {
        payments: accountLimit,
        lookups: accountLimit,
      },
      must('one limit each for payments and lookups', 'copy them from baseload.config.json'),
    ),
    reservedConcurrency: z.strictObject(
      {
        payments: reserved,
        operations: reserved,
        lookup: reserved,
        health: reserved,
        'project-facts': reserved,
        'replica-stream': reserved,
        tariffs: reserved,
        readings: reserved,
        'store-readings': reserved,
        'issue-bills': reserved,
        'start-bill-run': reserved,
        'settle-payment': reserved,
        'send-notice': reserved,
        'rehydrate-view': reserved,
        sweep: reserved,
        'probe-peer': reserved,
        'enrich-alarm': reserved,
        reconcile: reserved,
        scrub: reserved,
        'archive-facts': reserved,
        'seal-windows': reserved,
        redrive: reserved,
      },
      must('one number for each function', 'copy them from baseload.config.json'),
    ),
    noticeWebhook: z
      .string(must('the https address that takes notices', 'leave it out when nobody wants them'))
      .regex(/^https:\/\/[^\s@]+$/, must('an https address without a user', 'leave it out when nobody wants them'))
      .optional(),
    noticeSender: z
      .email(must('the e-mail address that notices come from', 'leave it out when nobody gets any'))
      .regex(/^[^A-Z]+$/, must('an e-mail address in lower case', 'IAM compares it letter by letter'))
      .optional(),
    retention: z.strictObject(
      {
        lockMode: z.literal(
          LOCK_MODES,
          must(`one of ${LOCK_MODES.join(', ')}`, 'COMPLIANCE cannot be undone by anybody, GOVERNANCE is the start'),
        ),
        archiveYears: count(1, 30, 'years', 'the law of the jurisdiction says how long books are kept'),
        backupDays: count(7, 365, 'days', '35 is as far back as point-in-time recovery goes'),
        copyBackupsTo: z
          .string(must('the ARN of a backup vault', 'leave it out to keep backups in this account'))
          .regex(
            /^arn:aws:backup:[a-z]{2}-[a-z]+-\d:\d{12}:backup-vault:[A-Za-z0-9_-]{2,50}$/,
            must('the ARN of a backup vault', 'leave it out to keep backups in this account'),
          )
          .optional(),
      },
      must('{ "lockMode", "archiveYears", "backupDays" }', 'copy it from baseload.config.json'),
    ),
    processor: z.enum(
      PROCESSORS,
      must(
        `one of ${PROCESSORS.join(', ')}`,
        '"local" runs on one machine only, "stripe" reads its key from Secrets Manager',
      ),
    ),
    remediation: z
      .literal(
        ['on', 'off'],
        must('"on" or "off"', 'on lets dead letters go back once, when their trouble is over; leave it out for on'),
      )
      .default('on'),
    runbookBaseUrl: z
      .string(must('the https address under which docs/ is shown', 'leave it out to name paths of the repository'))
      .regex(/^https:\/\/[^\s?#]+\/$/, must('an https address that ends in a slash', 'leave it out to name paths'))
      .optional(),
    alarmEmails: z
      .strictObject(
        { P0: emails.optional(), P1: emails.optional(), P2: emails.optional() },
        must('lists of e-mail addresses under P0, P1, P2', 'leave it out for none'),
      )
      .optional(),
    gameDays: z
      .strictObject(
        {
          schedule: z
            .strictObject(
              {
                weekday: z.literal(
                  GAME_WEEKDAYS,
                  must(`one of ${GAME_WEEKDAYS.join(', ')}`, 'a day on which people are there to look'),
                ),
                hourUtc: count(0, LATEST_GAME_DAY_HOUR, 'hours UTC', 'the experiments begin an hour after each other'),
              },
              must('{ "weekday", "hourUtc" }', 'leave it out to start experiments by hand only'),
            )
            .optional(),
        },
        must('{ } or { "schedule" }', 'leave it out for no game days: functions then carry no extension'),
      )
      .optional(),
    outsidePayer: z
      .strictObject(
        {
          account: z
            .string(must('a test account', 'open it with POST /v1/accounts before it is named here'))
            .regex(
              /^[a-z]{2}_test-[A-Za-z0-9_-]{1,55}$/,
              must('a test account like "us_test-2026q4"', 'payments of accounts that begin so are never charged'),
            ),
          currency: z
            .string(must('the currency of the test account', 'as it was opened with'))
            .regex(/^[A-Z]{3}$/, must('a currency like "USD"', 'as the test account was opened with')),
          everyMinutes: z.literal([1, 5, 10, 15, 30, 60], must('1, 5, 10, 15, 30 or 60', 'minutes between two runs')),
        },
        must('{ "account", "currency", "everyMinutes" }', 'leave it out for no payer from outside'),
      )
      .optional(),
    healthCheck: z.strictObject(
      {
        intervalSeconds: z.literal([10, 30], must('10 or 30', 'Route 53 knows no other interval')),
        failureThreshold: count(1, 10, 'failed checks', '1 moves traffic soonest, and a flap does no harm here'),
      },
      must('{ "intervalSeconds", "failureThreshold" }', 'copy it from baseload.config.json'),
    ),
    recordTtlSeconds: count(1, 60, 'seconds', 'failover waits for it; 5 is the design'),
  },
  must('an object with the fields of baseload.config.json', 'copy that file and change it'),
);

export type BaseloadConfig = z.infer<typeof fields>;

const inRegions = (
  path: string,
  value: string,
  regions: readonly string[],
  jurisdiction: string,
  what: string,
): string[] =>
  regions.includes(value)
    ? []
    : [`${path}: must be a Region ${what}, got "${value}": jurisdiction ${jurisdiction} has ${regions.join(', ')}`];

/** Who is served first, and so who has more: money comes in, then people look, then files that wait for nobody are taken. */
const PRIORITY = ['payments', 'lookup', 'readings'] as const;

const priorityBreaches = ({ throttles, reservedConcurrency }: BaseloadConfig): readonly string[] =>
  PRIORITY.slice(1).flatMap((low, index) => {
    const high = PRIORITY[index] ?? low;
    return [
      [`throttles.${low}.ratePerSecond`, throttles[low].ratePerSecond, throttles[high].ratePerSecond],
      [`throttles.${low}.burst`, throttles[low].burst, throttles[high].burst],
      [`reservedConcurrency.${low}`, reservedConcurrency[low], reservedConcurrency[high]],
    ].flatMap(([path, lower, higher]) =>
      Number(lower) < Number(higher)
        ? []
        : [`${path}: must be below the ${higher} of ${high}, got ${lower}: under pressure ${high} goes first`],
    );
  });

/** What must hold between fields: one line per breach. */
const breaches = (config: BaseloadConfig): readonly string[] => {
  const { jurisdiction, regions, ownerRegion, witnessRegion, hostname, hostedZone, retention } = config;
  const { allowed, strong }: JurisdictionRegions = JURISDICTIONS[jurisdiction];
  const named: readonly (readonly [string, string])[] = [
    ...regions.map((name, index) => [`regions.${index}`, name] as const),
    ['ownerRegion', ownerRegion],
    ['witnessRegion', witnessRegion],
  ];
  const vaultRegion = retention.copyBackupsTo?.split(':')[3];
  const stored = [...named, ...(vaultRegion === undefined ? [] : [['retention.copyBackupsTo', vaultRegion] as const])];
  const outside = stored.flatMap(([path, name]) =>
    inRegions(path, name, allowed, jurisdiction, 'inside the jurisdiction'),
  );
  if (outside.length > 0) return outside;
  const weak = named.flatMap(([path, name]) =>
    inRegions(path, name, strong, jurisdiction, 'that can hold the strongly consistent ledger'),
  );
  return [
    ...weak,
    ...priorityBreaches(config),
    ...(config.outsidePayer === undefined || config.outsidePayer.account.startsWith(`${jurisdiction}_`)
      ? []
      : [
          `outsidePayer.account: must begin with "${jurisdiction}_test-", got "${config.outsidePayer.account}": it is an account of the jurisdiction`,
        ]),
    ...(regions[0] === regions[1]
      ? [`regions.1: must differ from regions.0, got "${regions[1]}" twice: a Region cannot stand in for itself`]
      : []),
    ...(regions.includes(ownerRegion)
      ? []
      : [
          `ownerRegion: must be one of regions, got "${ownerRegion}": the ledger's stack is deployed where a replica is`,
        ]),
    ...(regions.includes(witnessRegion)
      ? [`witnessRegion: must be a third Region, got "${witnessRegion}": name one that is not in regions`]
      : []),
    ...(hostname.endsWith(`.${hostedZone.name}`)
      ? []
      : [
          `hostname: must be below hostedZone.name, got "${hostname}" and "${hostedZone.name}": a CNAME cannot stand at the apex`,
        ]),
    ...(hostname.length <= MAX_CERTIFICATE_NAME
      ? []
      : [
          `hostname: must have at most ${MAX_CERTIFICATE_NAME} characters, got ${hostname.length}: ACM takes no longer first name of a certificate`,
        ]),
  ];
};

/** Dotted path of an issue, the name of an unknown key included. */
const issueLines = (issue: z.core.$ZodIssue): readonly string[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${[...issue.path, key].join('.')}: unknown field: remove it or correct its name`);
  }
  return [`${issue.path.length === 0 ? 'the file' : issue.path.join('.')}: ${issue.message}`];
};

/** @throws Error with a line per wrong field: its path, what it must be, what was received, what to do. */
export const parseConfig = (value: unknown, source: string): BaseloadConfig => {
  const parsed = fields.safeParse(value);
  const lines = parsed.success ? breaches(parsed.data) : parsed.error.issues.flatMap(issueLines);
  if (!parsed.success || lines.length > 0)
    throw new Error(`${source} is not a valid config:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  return parsed.data;
};

/** @throws Error when the file is missing, not JSON or not valid; the message names the file. */
export const readConfig = (file: string): BaseloadConfig => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Error(
      `config file ${file} cannot be read: name one that is there (npx cdk … -c config=FILE, npm run preflight -- --config FILE)`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`config file ${file} is not JSON: ${error instanceof Error ? error.message : 'cannot be parsed'}`);
  }
  return parseConfig(value, file);
};
