// Owns a Region's CodeDeploy endpoint: BatchGetDeploymentGroups, AWS JSON 1.1. Nothing is ever deployed here, so no group has a last one.
// Leaves to local/iam how policies are evaluated. Source: CodeDeploy API reference.
import * as z from 'zod';
import { answer, parseBody } from '../dynamodb/protocol.ts';
import { startWireServer, type WireServer } from '../dynamodb/wire-server.ts';
import { accessDenied, unrecognizedClient } from '../iam/denied.ts';
import { type GuardedEndpoint, guardOf } from '../iam/guard.ts';

const TARGET = 'CodeDeploy_20141006.BatchGetDeploymentGroups';
const asked = z.strictObject({
  applicationName: z.string().min(1).max(100),
  deploymentGroupNames: z.array(z.string().min(1).max(100)).max(100),
});

/** Listens on a free port of 127.0.0.1. @throws Error for a policy that cannot be evaluated */
export const startCodeDeploy = (options: GuardedEndpoint): Promise<WireServer> => {
  const { plan, onDefect } = options;
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
      }));
      return answer({ deploymentGroupsInfo });
    },
    onDefect,
  );
};
