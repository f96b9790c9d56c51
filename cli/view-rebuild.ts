// Owns what the command line knows of a Region's view: the checkpoint of its rebuild, and how many items its ledger has.
// Leaves to the Region's own function the rebuilding.
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Dynamo } from '../lambdas/adapters/dynamo/client.ts';
import { DynamoRehydrations } from '../lambdas/adapters/dynamo/rehydration.ts';
import type { Rehydration } from '../lambdas/ports/rehydration.ts';
import { tableName } from '../lambdas/shared/names.ts';
import type { Target } from './target.ts';

export class ViewRebuild {
  readonly #dynamo: Dynamo;
  readonly #client: DynamoDBClient;
  readonly #rehydrations: DynamoRehydrations;

  constructor(
    private readonly target: Target,
    region: string,
  ) {
    const settings = target.clientSettings('dynamodb', region);
    const { endpoint, credentials } = settings;
    this.#dynamo = new Dynamo({ region, ...(endpoint && { endpoint }), ...(credentials && { credentials }) });
    this.#client = new DynamoDBClient({ ...settings });
    this.#rehydrations = new DynamoRehydrations(this.#dynamo, tableName(target.jurisdiction, 'region-state'));
  }

  state(): Promise<Rehydration | undefined> {
    return this.#rehydrations.read();
  }

  /** False when one is under way. */
  ask(nowMs: number): Promise<boolean> {
    return this.#rehydrations.begin('asked', nowMs, 'done');
  }

  /** As DynamoDB last counted, which it does about every six hours; its heartbeats included. */
  async ledgerItems(): Promise<number> {
    const { Table } = await this.#client.send(new DescribeTableCommand({ TableName: this.target.ledgerTable }));
    return Table?.ItemCount ?? 0;
  }

  close(): void {
    this.#dynamo.destroy();
    this.#client.destroy();
  }
}
