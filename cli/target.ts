// Owns which Baseload a command is for: the one in AWS that the config file describes, or the one that runs on this machine.
// Leaves to the commands what they ask of it.
import { S3Client } from '@aws-sdk/client-s3';
import { archiveBucketName, tableName } from '../lambdas/shared/names.ts';
import { readConfig } from '../lib/config.ts';
import { announcedRuns } from '../local/announced-runs.ts';
import type { Wiring } from '../local/control/app.ts';
import { OPERATOR_CREDENTIALS } from '../local/iam/callers.ts';
import { askRun } from './control-api.ts';
import { oneLine, Refused, UsageError } from './failures.ts';

export const TARGETS = ['local', 'aws'] as const;

export interface TargetOptions {
  readonly target: (typeof TARGETS)[number];
  /** Of `aws`: the jurisdiction's config file. */
  readonly config: string;
  /** Of `local`: the control URL of one of several runs. */
  readonly control?: string;
}

/** What a client of the AWS SDK is made with. */
export interface ClientSettings {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
  readonly requestHandler: typeof PATIENCE;
}

/** An operator waits a little longer than a payer, and no command hangs on a Region that is silent. */
const PATIENCE = { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true } as const;
const CLIENT = { maxAttempts: 3, requestHandler: PATIENCE } as const;

/** The first three are there in a local run too; what the others know it says itself. */
type Service = 'sqs' | 'dynamodb' | 's3' | 'cloudwatch' | 'codedeploy' | 'route53';

export interface Target {
  readonly kind: (typeof TARGETS)[number];
  readonly jurisdiction: string;
  readonly regions: readonly string[];
  /** Where a local run keeps its data. */
  readonly dataDir?: string;
  /** Where a local run is told what to do. */
  readonly control?: string;
  /** Of `aws`: what payers use, and the zone it stands in. */
  readonly names?: { readonly hostname: string; readonly hostedZoneId: string };
  readonly ledgerTable: string;
  /** The bucket of a Region that facts are archived in. @throws UsageError when nobody tells the AWS account that its name holds */
  archiveBucket(region: string): Promise<string>;
  /** In AWS the SDK finds endpoint and credentials by itself. */
  clientSettings(service: Service, region: string): ClientSettings;
}

/** @throws UsageError for a config file or URL that is wrong, Refused when no run is there */
export const openTarget = async (options: TargetOptions): Promise<Target> =>
  options.target === 'aws' ? awsTarget(options.config) : localTarget(options.control ?? onlyRun());

const awsTarget = (file: string): Target => {
  try {
    const { jurisdiction, regions, hostname, hostedZone, account, ledgerGeneration } = readConfig(file);
    return {
      kind: 'aws',
      jurisdiction,
      regions,
      names: { hostname, hostedZoneId: hostedZone.id },
      ledgerTable: tableName(jurisdiction, 'ledger', ledgerGeneration),
      archiveBucket: async (region) =>
        archiveBucketName(jurisdiction, region, account ?? (await accountOfCredentials(region, file))),
      clientSettings: (_service, region) => ({ ...CLIENT, region }),
    };
  } catch (cause) {
    throw new UsageError(oneLine(cause), { cause });
  }
};

/** Some sources of credentials say whose they are. */
const accountOfCredentials = async (region: string, file: string): Promise<string> => {
  const { accountId } = await new S3Client({ region }).config.credentials();
  if (accountId === undefined)
    throw new UsageError(
      `these credentials do not tell their account, and the archive is named after it: set "account" in ${file}`,
    );
  return accountId;
};

const onlyRun = (): string => {
  const [run, ...others] = announcedRuns();
  if (run === undefined)
    throw new Refused('no Baseload runs here: start one with npm start, or name AWS with --target aws');
  if (others.length > 0)
    throw new UsageError(`several Baseloads run here: name one with --control, of ${[run, ...others].join(', ')}`);
  return run;
};

const localTarget = async (control: string): Promise<Target> => {
  const wiring = await wiringOf(control);
  return {
    kind: 'local',
    jurisdiction: wiring.jurisdiction,
    regions: Object.keys(wiring.sqs),
    dataDir: wiring.dataDir,
    control,
    ledgerTable: wiring.ledgerTable,
    archiveBucket: async (region) => wiring.archives[region] ?? '',
    clientSettings: (service, region) => {
      const isHere = service === 'sqs' || service === 'dynamodb' || service === 's3';
      const endpoint = isHere ? wiring[service][region] : undefined;
      if (endpoint === undefined) throw new Error(`the run at ${control} names no ${service} of ${region}`);
      return { ...CLIENT, region, endpoint, credentials: OPERATOR_CREDENTIALS };
    },
  };
};

const wiringOf = async (control: string): Promise<Wiring> => {
  if (!URL.canParse(control)) throw new UsageError(`--control is a URL like http://127.0.0.1:4601, got ${control}`);
  return askRun<Wiring>(control, '/api/wiring');
};

/** The Regions a command is for: all of the target, or the one that is named. @throws UsageError */
export const regionsOf = ({ regions }: Target, named: string | undefined): readonly string[] => {
  if (named === undefined) return regions;
  if (!regions.includes(named)) throw new UsageError(`Region ${named} is not there: name one of ${regions.join(', ')}`);
  return [named];
};
