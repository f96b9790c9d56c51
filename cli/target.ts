// Owns which Baseload a command is for: the one in AWS that the config file describes, or the one that runs on this machine.
// Leaves to the commands what they ask of it.
import { readConfig } from '../lib/config.ts';
import { announcedRuns } from '../local/announced-runs.ts';
import type { Wiring } from '../local/control/app.ts';
import { OPERATOR_ACCESS_KEY } from '../local/iam/callers.ts';
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

export interface Target {
  readonly kind: (typeof TARGETS)[number];
  readonly jurisdiction: string;
  readonly regions: readonly string[];
  /** Where a local run keeps its data. */
  readonly dataDir?: string;
  /** Where a local run is told what to do. */
  readonly control?: string;
  /** In AWS the SDK finds endpoint and credentials by itself. */
  clientSettings(service: 'sqs' | 'dynamodb', region: string): ClientSettings;
}

/** @throws UsageError for a config file or URL that is wrong, Refused when no run is there */
export const openTarget = async (options: TargetOptions): Promise<Target> =>
  options.target === 'aws' ? awsTarget(options.config) : localTarget(options.control ?? onlyRun());

const awsTarget = (file: string): Target => {
  try {
    const { jurisdiction, regions } = readConfig(file);
    return { kind: 'aws', jurisdiction, regions, clientSettings: (_service, region) => ({ ...CLIENT, region }) };
  } catch (cause) {
    throw new UsageError(oneLine(cause), { cause });
  }
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
    clientSettings: (service, region) => {
      const endpoint = wiring[service][region];
      if (endpoint === undefined) throw new Error(`the run at ${control} names no ${service} of ${region}`);
      return {
        ...CLIENT,
        region,
        endpoint,
        credentials: { accessKeyId: OPERATOR_ACCESS_KEY, secretAccessKey: 'local' },
      };
    },
  };
};

const CONTROL_TIMEOUT_MS = 5_000;

const wiringOf = async (control: string): Promise<Wiring> => {
  if (!URL.canParse(control)) throw new UsageError(`--control is a URL like http://127.0.0.1:4601, got ${control}`);
  try {
    const response = await fetch(new URL('/api/wiring', control), { signal: AbortSignal.timeout(CONTROL_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return (await response.json()) as Wiring;
  } catch (cause) {
    throw new Refused(`no Baseload answers at ${control} (${oneLine(cause)}): see what npm start says of control`, {
      cause,
    });
  }
};

/** The Regions a command is for: all of the target, or the one that is named. @throws UsageError */
export const regionsOf = ({ regions }: Target, named: string | undefined): readonly string[] => {
  if (named === undefined) return regions;
  if (!regions.includes(named)) throw new UsageError(`Region ${named} is not there: name one of ${regions.join(', ')}`);
  return [named];
};
