// Owns a Region's CodeDeploy endpoint: BatchGetDeploymentGroups, AWS JSON 1.1.
// Leaves to deployments.ts the deployments, to local/iam how policies are evaluated. Source: CodeDeploy API reference.
import * as z from 'zod';
import { answer, parseBody } from '../dynamodb/protocol.ts';
import { startWireServer, type WireServer } from '../dynamodb/wire-server.ts';
import { accessDenied, unrecognizedClient } from '../iam/denied.ts';
import { type GuardedEndpoint, guardOf } from '../iam/guard.ts';
import type { DeploymentSeen } from './deployments.ts';

export interface CodeDeployOptions extends GuardedEndpoint {
  readonly deployments: () => readonly DeploymentSeen[];
}

const TARGET = 'CodeDeploy_20141006.BatchGetDeploymentGroups';
const asked = z.strictObject({
  applicationName: z.string().min(1).max(100),
  deploymentGroupNames: z.array(z.string().min(1).max(100)).max(100),
});

/** Listens on a free port of 127.0.0.1. @throws Error for a policy that cannot be evaluated */
export const startCodeDeploy = (options: CodeDeployOptions): Promise<WireServer> => {
  const { plan, deployments, onDefect } = options;
  const guards = guardOf(options);
  return startWireServer(
    0,
    async (request, raw) => {
      const guard = guards(request);
      if (guard === undefined) return { kind: 'answer', ...unrecognizedClient() };
      const groups = asked.safeParse(parseBody(raw));
      if (request.headers['x-amz-target'] !== TARGET || !groups.success)
        return answer({ __type: 'InvalidInputException', message: 'not emulated locally' }, 400);
      const { applicationName, deploymentGroupNames } = groups.data;
      for (const name of deploymentGroupNames) {
        const resource = `arn:aws:codedeploy:${plan.region}:${plan.account}:deploymentgroup:${applicationName}/${name}`;
        const denied = guard.refusal('codedeploy:BatchGetDeploymentGroups', resource);
        if (denied !== undefined) return { kind: 'answer', ...accessDenied(denied) };
      }
      const deploymentGroupsInfo = deploymentGroupNames.map((deploymentGroupName) => ({
        applicationName,
        deploymentGroupName,
        ...lastOf(deployments().filter(({ group }) => group === deploymentGroupName)),
      }));
      return answer({ deploymentGroupsInfo });
    },
    onDefect,
  );
};

const lastOf = (deployments: readonly DeploymentSeen[]): object => {
  const attempted = deployments.at(-1);
  const successful = deployments.filter(({ status }) => status === 'Succeeded').at(-1);
  return {
    ...(attempted && { lastAttemptedDeployment: infoOf(attempted) }),
    ...(successful && { lastSuccessfulDeployment: infoOf(successful) }),
  };
};

/** Times are in seconds, as AWS JSON writes them. */
const infoOf = ({ id, status, createdAtMs, completedAtMs }: DeploymentSeen): object => ({
  deploymentId: id,
  status,
  createTime: createdAtMs / 1000,
  ...(completedAtMs !== undefined && { endTime: completedAtMs / 1000 }),
});
