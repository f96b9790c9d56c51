// Owns one Region that serves payers: its API, functions, views and its place in DNS. It deploys while the other is down.
// Leaves to lib/constructs what each capability is made of; it knows ledger, keys and alarms by name only.
import { Stack, type StackProps } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import type { BaseloadConfig } from '../config.ts';
import { ApiDomains } from '../constructs/api-domains.ts';
import { type ApiSlug, BillingApi } from '../constructs/billing-api.ts';
import { BillingFunction } from '../constructs/billing-function.ts';
import { Canary } from '../constructs/canary.ts';
import { grantsOf } from '../constructs/function-grants.ts';
import { addRegionOutputs } from '../constructs/region-outputs.ts';
import { RegionRouting } from '../constructs/region-routing.ts';
import { RegionTables } from '../constructs/region-tables.ts';
import { StreamWorker } from '../constructs/stream-worker.ts';
import { type CodeOf, ownKey, peerOf, type RegionScope } from '../region-scope.ts';

export interface RegionStackProps extends StackProps {
  readonly config: BaseloadConfig;
  readonly codeOf: CodeOf;
}

export class RegionStack extends Stack {
  constructor(parent: Construct, id: string, { config, codeOf, ...props }: RegionStackProps) {
    super(parent, id, props);
    const scope: RegionScope = {
      stack: this,
      region: this.region,
      peer: peerOf(this.region, config),
      config,
      key: ownKey(this, config),
      codeOf,
    };
    const apiFunction = (name: string, slug: ApiSlug): BillingFunction =>
      new BillingFunction(this, name, { scope, slug, grants: grantsOf(scope, slug) });

    new RegionTables(this, 'Tables', scope);
    const streamWorker = new StreamWorker(this, 'StreamWorker', scope);
    const functions: Readonly<Record<ApiSlug, BillingFunction>> = {
      payments: apiFunction('Payments', 'payments'),
      operations: apiFunction('Operations', 'operations'),
      lookup: apiFunction('Lookup', 'lookup'),
      health: apiFunction('Health', 'health'),
    };
    // Only what serves traffic shifts slowly: replica-stream runs while a stack is deployed and at no other time.
    new Canary(this, 'Canary', { scope, functions: [...Object.values(functions), streamWorker.worker] });

    const billingApi = new BillingApi(this, 'BillingApi', { scope, functions });
    const { api, stage } = billingApi;
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: config.hostedZone.id,
      zoneName: config.hostedZone.name,
    });
    const domains = new ApiDomains(this, 'Domains', { scope, zone, api, stage });
    new RegionRouting(this, 'Routing', { scope, zone, domains });
    addRegionOutputs(scope, { api: billingApi, streamWorker });
  }
}
