// Owns the custom resource that finds the stream of a Region's own replica: `StreamArn` of a `TableName`.
// The stacks cannot know it: CloudFormation's own attribute names the stream of the Region the table was made in (DESIGN D8).
import { setTimeout as delay } from 'node:timers/promises';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import type { ReplicaTables } from '../adapters/dynamo/replica-tables.ts';
import { DEPLOYMENT } from '../shared/policies.ts';
import { errorFields, type Telemetry } from '../shared/telemetry.ts';
import type { AnswerToCloudFormation } from './answer-cloudformation.ts';

export interface ReplicaStreamDeps {
  readonly region: string;
  readonly tables: ReplicaTables;
  readonly answer: AnswerToCloudFormation;
  readonly telemetry: Telemetry;
  /** Between two looks at a replica that is being made. */
  readonly pollMs?: number;
}

export type ReplicaStreamHandler = (
  event: CloudFormationCustomResourceEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<void>;

export const createReplicaStreamHandler =
  (deps: ReplicaStreamDeps): ReplicaStreamHandler =>
  async (event, context) => {
    const tableName: unknown = event.ResourceProperties.TableName;
    const physicalId = typeof tableName === 'string' && tableName !== '' ? tableName : event.LogicalResourceId;
    try {
      // Nothing was made, so nothing is to be deleted; a failure here would only keep the stack from going.
      const data = event.RequestType === 'Delete' ? {} : { StreamArn: await findStream(deps, tableName, context) };
      await deps.answer(event, { status: 'SUCCESS', physicalId, data });
    } catch (error) {
      deps.telemetry.error('replica stream not found', { region: deps.region, ...errorFields(error) });
      const reason = error instanceof Error ? error.message : 'unknown error';
      await deps.answer(event, { status: 'FAILED', physicalId, reason });
    }
  };

/** Waits for the replica, bounded by the function's own time. @throws Error naming table, Region and what was seen last. */
const findStream = async (
  { region, tables, pollMs = DEPLOYMENT.pollMs }: ReplicaStreamDeps,
  tableName: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<string> => {
  if (typeof tableName !== 'string' || tableName === '') {
    throw new Error(`TableName must be the name of a table, got ${JSON.stringify(tableName)}: set it on the resource`);
  }
  const startedWithMs = context.getRemainingTimeInMillis();
  for (;;) {
    const { status, latestStreamArn } = await tables.describe(tableName);
    if (status === 'ACTIVE' && latestStreamArn !== undefined) return latestStreamArn;
    if (status === 'DENIED' && startedWithMs - context.getRemainingTimeInMillis() >= DEPLOYMENT.newRoleGraceMs) {
      throw new Error(`the role of this function may not describe table ${tableName} in ${region}: see its policy`);
    }
    if (context.getRemainingTimeInMillis() < DEPLOYMENT.answerReserveMs + pollMs) {
      const stream = latestStreamArn === undefined ? 'no stream' : 'a stream';
      throw new Error(`table ${tableName} in ${region} is ${status} with ${stream}: deploy the ledger stack first`);
    }
    await delay(pollMs);
  }
};
