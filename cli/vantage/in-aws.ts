// Owns the look at AWS from the operator's machine: each Region's own `/health`, and Route 53's word on what it answers where.
// Leaves to DNS the way to a Region's own hostname, which has no health check.
import { resolve4 } from 'node:dns/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { Route53Client, TestDNSAnswerCommand } from '@aws-sdk/client-route-53';
import { CloudWatchAlarmStates } from '../../lambdas/adapters/cloudwatch-alarm-states.ts';
import { CodeDeployDeployments } from '../../lambdas/adapters/codedeploy-deployments.ts';
import type { Deployment } from '../../lambdas/ports/deployments.ts';
import { CANARY_SLUGS, codeDeployApplicationName } from '../../lambdas/shared/names.ts';
import { oneLine } from '../failures.ts';
import type { Target } from '../target.ts';
import { queuesInAws } from './queues-in-aws.ts';
import type { QueueSeen, RingingSeen, SeenHealth, Vantage } from './vantage.ts';

/** A checker of Route 53 has 4 s to connect and 2 for the answer. */
const PATIENCE_MS = 6_000;

/** What the names of API Gateway end in: `d-….execute-api.us-east-1.amazonaws.com`. */
const REGION_OF_TARGET = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com\.?$/;

/** Of CodeDeploy's words for a deployment. */
const UNDER_WAY: readonly string[] = ['Created', 'Queued', 'InProgress', 'Baking', 'Ready'];

export class VantageInAws implements Vantage {
  constructor(
    private readonly target: Target,
    private readonly names: NonNullable<Target['names']>,
    /** Addresses of a hostname. */
    private readonly resolve: (hostname: string) => Promise<readonly string[]> = resolve4,
  ) {}

  async health(region: string): Promise<SeenHealth> {
    try {
      const response = await fetch(`https://${this.#hostnameOf(region)}/health`, {
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (response.ok) return { kind: 'healthy' };
      const { reason } = (await response.json().catch(() => ({}))) as { readonly reason?: unknown };
      return { kind: 'unhealthy', why: typeof reason === 'string' ? reason : `HTTP ${response.status}` };
    } catch (cause) {
      // Undici's own message is "fetch failed"; the cause says why.
      return { kind: 'unhealthy', why: oneLine(cause instanceof Error ? (cause.cause ?? cause) : cause) };
    }
  }

  /** As a resolver would be answered that stands where the Region's own API is. The API of Route 53 is in us-east-1. */
  async answerNear(region: string): Promise<string | undefined> {
    const [address] = await this.resolve(this.#hostnameOf(region));
    const client = new Route53Client(this.target.clientSettings('route53', 'us-east-1'));
    try {
      const { RecordData = [] } = await client.send(
        new TestDNSAnswerCommand({
          HostedZoneId: this.names.hostedZoneId,
          RecordName: this.names.hostname,
          RecordType: 'CNAME',
          ResolverIP: address,
        }),
      );
      return RecordData.map((data) => REGION_OF_TARGET.exec(data)?.[1]).find((found) => found !== undefined);
    } finally {
      client.destroy();
    }
  }

  async ringing(region: string): Promise<readonly RingingSeen[]> {
    const prefix = `baseload-${this.target.jurisdiction}-`;
    const client = new CloudWatchClient(this.target.clientSettings('cloudwatch', region));
    try {
      const ringing = await new CloudWatchAlarmStates(client, prefix, PATIENCE_MS).ringing();
      return ringing.map(({ name, sinceMs }) => ({
        slug: name.slice(prefix.length).replace(/-P\d$/, ''),
        tier: name.slice(-2),
        sinceMs,
      }));
    } finally {
      client.destroy();
    }
  }

  queues(region: string): Promise<readonly QueueSeen[]> {
    return queuesInAws(this.target, region);
  }

  async deployments(region: string): Promise<readonly Deployment[]> {
    const client = new CodeDeployClient(this.target.clientSettings('codedeploy', region));
    const application = codeDeployApplicationName(this.target.jurisdiction);
    try {
      const latest = await new CodeDeployDeployments(client, application, CANARY_SLUGS, PATIENCE_MS).latest();
      return latest.filter(({ status }) => UNDER_WAY.includes(status));
    } finally {
      client.destroy();
    }
  }

  clockAheadMs(): Promise<number> {
    return Promise.resolve(0);
  }

  #hostnameOf(region: string): string {
    return `${region}.${this.names.hostname}`;
  }
}
