// Owns what tells people in a Region, and what the function that makes pages asks: topics, alarm states, deployments.
// Leaves to alarm-actions.ts what an alarm does, to each emulator its protocol.
import type { RegionPlan } from '../assembly/plan.ts';
import type { AlarmPlan } from '../cloudwatch/alarm-plan.ts';
import { startCloudWatch } from '../cloudwatch/endpoint.ts';
import type { DeploymentSeen } from '../codedeploy/deployments.ts';
import { startCodeDeploy } from '../codedeploy/endpoint.ts';
import type { Authorization, AuthorizationRequest } from '../iam/evaluate.ts';
import type { Lambda } from '../lambda/service.ts';
import type { AlarmReading } from '../processes.ts';
import { startSns } from '../sns/endpoint.ts';
import { readPages } from '../sns/pages.ts';
import { Topics } from '../sns/topics.ts';
import { AlarmActions } from './alarm-actions.ts';

export interface PagingOptions {
  readonly plan: RegionPlan;
  readonly alarms: readonly AlarmPlan[];
  readonly dataDir: string;
  /** Alarms are evaluated last: whoever asks before is told of none. */
  readonly readings: () => readonly AlarmReading[];
  /** None before functions can be called. */
  readonly deployments: () => readonly DeploymentSeen[];
  readonly authorize: (request: AuthorizationRequest) => Authorization;
  readonly onTrouble: (what: string) => void;
  readonly nowMs: () => number;
}

export interface Paging {
  /** `AWS_ENDPOINT_URL_…` of its services. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Messages taken. */
  readonly published: () => number;
  /** What carries out the actions of alarms, once functions can be called. */
  actions(plan: RegionPlan, invoke: Lambda['invoke']): AlarmActions;
  stop(): Promise<void>;
}

/** @throws Error for a policy that cannot be evaluated */
export const startPaging = async (options: PagingOptions): Promise<Paging> => {
  const { plan, alarms, dataDir, readings, deployments, authorize, onTrouble, nowMs } = options;
  let published = readPages(dataDir).length;
  const onPage = (): void => {
    published += 1;
  };
  const topics = new Topics({ arns: plan.paging.topics, dataDir, onPage, nowMs });
  const guarded = { plan, authorize, onDenied: onTrouble, onDefect: onTrouble };
  const [sns, cloudWatch, codeDeploy] = await Promise.all([
    startSns({ ...guarded, topics }),
    startCloudWatch({ ...guarded, alarms, readings }),
    startCodeDeploy({ ...guarded, deployments }),
  ]);
  return {
    endpoints: {
      AWS_ENDPOINT_URL_SNS: sns.url,
      AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch.url,
      AWS_ENDPOINT_URL_CODEDEPLOY: codeDeploy.url,
    },
    published: () => published,
    actions: (deployed, invoke) =>
      new AlarmActions({ plan: deployed, alarms, readings, invoke, topics, onTrouble, nowMs }),
    stop: async () => {
      await Promise.all([sns.stop(), cloudWatch.stop(), codeDeploy.stop()]);
    },
  };
};
