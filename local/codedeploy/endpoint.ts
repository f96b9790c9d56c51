// Owns a Region's CodeDeploy endpoint: BatchGetDeploymentGroups, AWS JSON 1.1.
// Leaves to deployments.ts the deployments, to local/iam how policies are evaluated. Source: CodeDeploy API reference.
import * as z from 'zod';
import type { RegionPlan } from '../assembly/plan.ts';
import { answer, parseBody } from '../dynamodb/protocol.ts';
import { startWireServer, type WireServer } from '../dynamodb/wire-server.ts';
import { accessKeyOf, callersOf } from '../iam/callers.ts';
import { accessDenied, unrecognizedClient } from '../iam/denied.ts';
import type { Authorization, AuthorizationRequest } from '../iam/evaluate.ts';
import type { DeploymentSeen } from './deployments.ts';

export interface CodeDeployOptions {
  readonly plan: Pick<RegionPlan, 'region' | 'account' | 'roles' | 'functions'>;
  readonly deployments: () => readonly DeploymentSeen[];
  readonly authorize: (request: AuthorizationRequest) => Authorization;
  readonly onDenied: (message: string) => void;
  readonly onDefect: (text: string) => void;
}

const TARGET = 'CodeDeploy_20141006.BatchGetDeploymentGroups';
const asked = z.strictObject({
  applicationName: z.string().min(1).max(100),
  deploymentGroupNames: z.array(z.string().min(1).max(100)).max(100),
});

/** Listens on a free port of 127.0.0.1. @throws Error for a policy that cannot be evaluated */
export const startCodeDeploy = (options: CodeDeployOptions): Promise<WireServer> => {
  const { plan, deployments, authorize, onDenied, onDefect } = options;
  const callers = callersOf(plan);
  return startWireServer(
    0,
    async (request, raw) => {
      const caller = callers(accessKeyOf(request.headers.authorization) ?? '');
      if (caller === undefined) return { kind: 'answer', ...unrecognizedClient() };
      const groups = asked.safeParse(parseBody(raw));
      if (request.headers['x-amz-target'] !== TARGET || !groups.success)
        return answer({ __type: 'InvalidInputException', message: 'not emulated locally' }, 400);
      const { applicationName, deploymentGroupNames } = groups.data;
      const context = { 'aws:RequestedRegion': [plan.region], 'aws:SecureTransport': ['true'] };
      for (const name of deploymentGroupNames) {
        const resource = `arn:aws:codedeploy:${plan.region}:${plan.account}:deploymentgroup:${applicationName}/${name}`;
        const action = 'codedeploy:BatchGetDeploymentGroups';
        const decision = authorize({ ...caller, action, resource, context });
        if (decision.allowed) continue;
        onDenied(decision.message);
        return { kind: 'answer', ...accessDenied(decision.message) };
      }
      const deploymentGroupsInfo = deploymentGroupNames.map((deploymentGroupName) => ({
        applicationName,
        deploymentGroupName,
        ...lastOf(deployments().filter(({ group }) => group === deploymentGroupName)),
      }));
      return answer({ deploymentGroupsInfo });
    },
    (error) => onDefect(error instanceof Error ? (error.stack ?? error.message) : String(error)),
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
