// Owns CodeDeploy of a Region: a deployment gives a new bundle of a function its group's share of the calls, after the interval all of
// them; once an alarm of the group rings it is stopped and taken back.
// Leaves to local/lambda which version runs a call, to local/cloudwatch the alarms. A deployment ends with the Region's process.
import { randomInt } from 'node:crypto';
import type { DeploymentGroupPlan, RegionPlan } from '../assembly/plan.ts';
import type { Fields } from '../events/pattern.ts';
import type { Authorization, AuthorizationRequest } from '../iam/evaluate.ts';
import { roleRequest } from '../iam/role-request.ts';
import type { Lambda } from '../lambda/service.ts';
import type { Taken } from '../lambda/versions.ts';
import type { AlarmReading } from '../processes.ts';
import { hasHandler } from './bundle.ts';

/** As CodeDeploy says it. */
export type DeploymentStatus = 'InProgress' | 'Succeeded' | 'Stopped';

export interface DeploymentSeen {
  readonly id: string;
  readonly group: string;
  readonly status: DeploymentStatus;
  /** A rollback is a deployment of its own. */
  readonly creator: 'user' | 'codeDeployRollback';
  /** Numbers of the function's versions. */
  readonly from: string;
  readonly to: string;
  /** Epoch milliseconds of the run's clock. */
  readonly createdAtMs: number;
  readonly completedAtMs?: number;
  readonly error?: { readonly code: 'ALARM_ACTIVE'; readonly message: string };
  /** Calls that each version took while both did. */
  readonly taken: Taken;
}

export interface DeploymentsOptions {
  readonly plan: Pick<RegionPlan, 'region' | 'account' | 'roles' | 'functions' | 'deploymentGroups'>;
  readonly lambda: Pick<Lambda, 'versions'>;
  readonly readings: () => readonly AlarmReading[];
  readonly authorize: (request: AuthorizationRequest) => Authorization;
  /** What EventBridge gets. */
  readonly onEvent: (event: Fields) => void;
  readonly nowMs: () => number;
}

const MINUTE_MS = 60_000;
const ID_LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ID_LENGTH = 9;

/** Of a rollback: nothing is shared while it goes on. */
const NONE: Taken = { byOld: 0, byNew: 0 };

export class Deployments {
  readonly #deployments: DeploymentSeen[] = [];

  constructor(private readonly options: DeploymentsOptions) {}

  /** In the order in which they began. */
  all(): readonly DeploymentSeen[] {
    return this.#deployments.map((one) =>
      one.status === 'InProgress' ? { ...one, taken: this.#versionsOf(one.group).taken } : one,
    );
  }

  /**
   * Begins to deploy a bundle.
   * @throws Error for an unknown group, a directory without the handler, missing rights, or while the group has a deployment
   */
  create(name: string, bundleDir: string): void {
    const group = this.#groupOf(name);
    const { handler, arn } = this.#functionOf(group);
    if (this.#deployments.some((one) => one.group === name && one.status === 'InProgress'))
      throw new Error(`a deployment of ${name} is in progress: wait for it to end`);
    hasHandler(bundleDir, handler);
    this.#requireRights(group, arn);
    const versions = this.#versionsOf(name);
    const from = versions.version;
    const to = versions.begin(bundleDir, group.canary.percent / 100);
    this.#add({ group: name, status: 'InProgress', creator: 'user', from, to, taken: NONE });
  }

  /** Looks after those in progress; to be called after alarms were evaluated, so that none is promoted past one. */
  advance(): void {
    const nowMs = this.options.nowMs();
    for (const one of this.#deployments.filter(({ status }) => status === 'InProgress')) {
      const { alarms, canary } = this.#groupOf(one.group);
      const ringing = this.options
        .readings()
        .filter(({ name, state }) => state === 'ALARM' && alarms.includes(name))
        .map(({ name }) => name);
      if (ringing.length > 0) this.#takeBack(one, ringing);
      else if (nowMs >= one.createdAtMs + canary.minutes * MINUTE_MS) this.#promote(one);
    }
  }

  #promote(one: DeploymentSeen): void {
    const versions = this.#versionsOf(one.group);
    versions.promote();
    this.#end(one, { status: 'Succeeded', taken: versions.taken }, 'SUCCESS');
  }

  #takeBack(one: DeploymentSeen, ringing: readonly string[]): void {
    const versions = this.#versionsOf(one.group);
    versions.goBack();
    const message =
      'One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. ' +
      `Activated alarms: ${ringing.join(', ')}`;
    this.#end(one, { status: 'Stopped', error: { code: 'ALARM_ACTIVE', message }, taken: versions.taken }, 'STOP');
    const { group, from, to } = one;
    const rollback = this.#add({
      group,
      status: 'InProgress',
      creator: 'codeDeployRollback',
      from: to,
      to: from,
      taken: NONE,
    });
    this.#end(rollback, { status: 'Succeeded' }, 'SUCCESS');
  }

  #add(what: Omit<DeploymentSeen, 'id' | 'createdAtMs'>): DeploymentSeen {
    const id = `d-${Array.from({ length: ID_LENGTH }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('')}`;
    const added = { ...what, id, createdAtMs: this.options.nowMs() };
    this.#deployments.push(added);
    this.#tell(added, 'START');
    return added;
  }

  #end(one: DeploymentSeen, outcome: Partial<DeploymentSeen>, state: 'SUCCESS' | 'STOP'): void {
    const ended = { ...one, ...outcome, completedAtMs: this.options.nowMs() };
    this.#deployments.splice(this.#deployments.indexOf(one), 1, ended);
    this.#tell(ended, state);
  }

  /** Source: CodeDeploy user guide, "Monitoring deployments with Amazon CloudWatch Events". */
  #tell({ id, group }: DeploymentSeen, state: 'START' | 'SUCCESS' | 'STOP'): void {
    const { region } = this.options.plan;
    const application = this.#groupOf(group).applicationName;
    this.options.onEvent({
      source: 'aws.codedeploy',
      'detail-type': 'CodeDeploy Deployment State-change Notification',
      region,
      detail: { region, application, deploymentGroup: group, deploymentId: id, state },
    });
  }

  /** Of the role that CodeDeploy takes on. */
  #requireRights({ roleName }: DeploymentGroupPlan, functionArn: string): void {
    const { plan, authorize } = this.options;
    const role = plan.roles.find(({ name }) => name === roleName) ?? { arn: roleName, statements: [] };
    const alarms = `arn:aws:cloudwatch:${plan.region}:${plan.account}:alarm:*`;
    for (const [action, resource] of [
      ['lambda:UpdateAlias', functionArn],
      ['cloudwatch:DescribeAlarms', alarms],
    ] as const) {
      const decision = authorize(roleRequest(role, plan.region, action, resource));
      if (!decision.allowed) throw new Error(decision.message);
    }
  }

  #groupOf(name: string): DeploymentGroupPlan {
    const { deploymentGroups, region } = this.options.plan;
    const found = deploymentGroups.find((group) => group.name === name);
    if (found === undefined)
      throw new Error(
        `no deployment group ${name} in ${region}: it has ${deploymentGroups.map((group) => group.name).join(', ')}`,
      );
    return found;
  }

  #functionOf({ name, functionName }: DeploymentGroupPlan): RegionPlan['functions'][number] {
    const found = this.options.plan.functions.find((fn) => fn.name === functionName);
    if (found === undefined) throw new Error(`the group ${name} deploys ${functionName}, which the plan does not have`);
    return found;
  }

  #versionsOf(group: string): ReturnType<Lambda['versions']> {
    return this.options.lambda.versions(this.#groupOf(group).functionName);
  }
}
