// Owns the last deployment of each capability, as CodeDeploy has it: one request for all groups.
// Leaves to its callers which of them may have to do with what.
import {
  BatchGetDeploymentGroupsCommand,
  CodeDeployClient,
  type DeploymentGroupInfo,
} from '@aws-sdk/client-codedeploy';
import type { Deployment, Deployments } from '../ports/deployments.ts';
import { AWS_TIMING } from '../shared/policies.ts';
import { type AwsClientOptions, awsClientConfig } from './aws-client.ts';
import { within } from './deadlines.ts';

export const createCodeDeployClient = (options: AwsClientOptions): CodeDeployClient =>
  new CodeDeployClient(awsClientConfig(options));

export class CodeDeployDeployments implements Deployments {
  constructor(
    private readonly client: CodeDeployClient,
    private readonly applicationName: string,
    /** The groups are named by the slugs of what they deploy. */
    private readonly slugs: readonly string[],
    private readonly deadlineMs: number = AWS_TIMING.callDeadlineMs,
  ) {}

  async latest(): Promise<readonly Deployment[]> {
    const command = new BatchGetDeploymentGroupsCommand({
      applicationName: this.applicationName,
      deploymentGroupNames: [...this.slugs],
    });
    const { deploymentGroupsInfo = [] } = await within(this.deadlineMs, (abortSignal) =>
      this.client.send(command, { abortSignal }),
    );
    return deploymentGroupsInfo.flatMap(latestOf);
  }
}

const latestOf = ({ deploymentGroupName, lastAttemptedDeployment }: DeploymentGroupInfo): readonly Deployment[] => {
  const { status, createTime } = lastAttemptedDeployment ?? {};
  if (deploymentGroupName === undefined || status === undefined || createTime === undefined) return [];
  return [{ slug: deploymentGroupName, status, startedAtMs: createTime.getTime() }];
};
