// Owns what an operator reads off a deployed Region: its addresses, its tables, its stream, where failures lie.
// Leaves to names.ts how these are made: no stack reads an output, and none is exported.
import { CfnOutput } from 'aws-cdk-lib';
import { tableName } from '../../lambdas/shared/names.ts';
import { regionalHostname } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';
import type { BillingApi } from './billing-api.ts';
import type { StreamWorker } from './stream-worker.ts';

export interface RegionOutputsProps {
  readonly api: BillingApi;
  readonly streamWorker: StreamWorker;
}

export const addRegionOutputs = (scope: RegionScope, { api, streamWorker }: RegionOutputsProps): void => {
  const { stack, region, config } = scope;
  const { jurisdiction, hostname } = config;
  const outputs: Readonly<Record<string, { readonly value: string; readonly description: string }>> = {
    PayersAddress: {
      value: `https://${hostname}`,
      description: 'What payers use: DNS answers with a Region in service',
    },
    RegionalAddress: {
      value: `https://${regionalHostname(region, hostname)}`,
      description: 'This Region, whatever its health',
    },
    ApiId: { value: api.api.apiId, description: 'Dimension of the metrics of API Gateway' },
    LedgerStreamArn: {
      value: streamWorker.streamArn,
      description: 'The stream of this Region’s replica of the ledger',
    },
    FailureQueueUrl: { value: streamWorker.failures.queueUrl, description: 'Runbook projection-failures' },
    ViewsTable: { value: tableName(jurisdiction, 'views'), description: 'Views of this Region alone' },
    RegionStateTable: {
      value: tableName(jurisdiction, 'region-state'),
      description: 'Where the peer is evacuated: runbook region-unhealthy',
    },
  };
  for (const [name, output] of Object.entries(outputs)) new CfnOutput(stack, name, output);
};
