// Owns the question what a table's replica in one Region is like: is it active, and which stream has it.
// Leaves to lambdas/replica-stream how long to ask and whom to tell.
import { DescribeTableCommand, DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { DEPLOYMENT } from '../../shared/policies.ts';
import { awsClientConfig } from '../aws-client.ts';

export interface ReplicaState {
  /** As DescribeTable gives it, such as `ACTIVE`; `ABSENT` while the Region has no such table, `DENIED` while it must not look. */
  readonly status: string;
  readonly latestStreamArn?: string;
}

export interface ReplicaTables {
  /** The table's replica in the Region that was asked. @throws Error when DynamoDB refuses or does not answer. */
  describe(tableName: string): Promise<ReplicaState>;
}

/** Asks DynamoDB in `region`. Control plane: tried more patiently than what a payer waits for. */
export class DynamoReplicaTables implements ReplicaTables {
  readonly #client: DynamoDBClient;

  constructor(region: string) {
    this.#client = new DynamoDBClient(awsClientConfig({ region, timing: DEPLOYMENT.timing }));
  }

  async describe(tableName: string): Promise<ReplicaState> {
    try {
      const { Table } = await this.#client.send(new DescribeTableCommand({ TableName: tableName }));
      const status = Table?.TableStatus ?? 'ABSENT';
      return Table?.LatestStreamArn === undefined ? { status } : { status, latestStreamArn: Table.LatestStreamArn };
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return { status: 'ABSENT' };
      if (error instanceof Error && error.name === 'AccessDeniedException') return { status: 'DENIED' };
      throw error;
    }
  }
}
