// Owns alarm events as CloudWatch hands them to functions, and what is known around them, for the tests of pages.
import type { Context } from '../../../lambdas/enrich-alarm/context.ts';

export const AT = '2026-11-21T10:04:30.000+0000';
export const AT_MS = Date.UTC(2026, 10, 21, 10, 4, 30);
export const MINUTE_MS = 60_000;

const ARN = 'arn:aws:cloudwatch:us-east-1:111111111111:alarm';

export interface NewsOptions {
  readonly name?: string;
  readonly description?: string;
  readonly state?: string;
  readonly before?: string;
  readonly rule?: string;
  readonly triggers?: readonly string[];
}

const LEDGER_REFUSALS =
  'P0: the ledger refuses writes, minute after minute: payers get 503 here. Runbook: docs/runbooks/ledger-refusals.md';

/** As in the CloudWatch user guide, "Event data from CloudWatch to Lambda". */
export const alarmEvent = ({
  name = 'baseload-us-ledger-refusals-P0',
  description = LEDGER_REFUSALS,
  state = 'ALARM',
  before = state === 'ALARM' ? 'OK' : 'ALARM',
  rule,
  triggers = [],
}: NewsOptions = {}): object => ({
  source: 'aws.cloudwatch',
  alarmArn: `${ARN}:${name}`,
  accountId: '111111111111',
  time: AT,
  region: 'us-east-1',
  alarmData: {
    alarmName: name,
    state: {
      value: state,
      reason: 'Threshold Crossed: 3 datapoints were greater than or equal to the threshold (5.0).',
      reasonData: JSON.stringify({
        triggeringAlarms: triggers.map((one) => ({ arn: `${ARN}:${one}`, state: { value: 'ALARM', timestamp: AT } })),
      }),
      timestamp: AT,
    },
    previousState: {
      value: before,
      reason: 'before',
      timestamp: '2026-11-21T09:52:30.000+0000',
    },
    configuration: { description, ...(rule === undefined ? { metrics: [] } : { alarmRule: rule }) },
  },
});

export const QUIET: Context = {
  ringing: { kind: 'known', value: [] },
  deployments: { kind: 'known', value: [] },
  peerEvacuated: { kind: 'known', value: false },
  ownEvacuated: { kind: 'known', value: false },
};

export const SCOPE = {
  jurisdiction: 'us',
  region: 'us-east-1',
  peer: 'us-west-2',
  gameDays: [],
  hostnames: {
    own: 'us-east-1.billing.example.com',
    peer: 'us-west-2.billing.example.com',
    routed: 'billing.example.com',
  },
  runbookBaseUrl: 'https://git.example.com/baseload/blob/main/',
};
