// Owns how DNS finds a Region and leaves it: its records, its health check, and the check by which the peer takes it out.
// Leaves to /health and /evacuated what they answer. Nothing here is called when a Region fails: failover is data plane only.
import { Duration, Tags } from 'aws-cdk-lib';
import { CnameRecord, HealthCheck, HealthCheckType, type IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { regionalHostname } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';
import type { ApiDomains } from './api-domains.ts';

/**
 * Evacuating is an operator's act, not a failover: three of some sixteen checkers must see the page, in the mean after 5 s, and all but
 * two must miss it before a Region is back, after 25. Asking every 10 s would cost as much as the check of /health.
 */
const EVACUATION_INTERVAL_SECONDS = 30;

export interface RegionRoutingProps {
  readonly scope: RegionScope;
  readonly zone: IHostedZone;
  readonly domains: ApiDomains;
}

export class RegionRouting extends Construct {
  constructor(parent: Construct, id: string, { scope, zone, domains }: RegionRoutingProps) {
    super(parent, id);
    const { config, region, peer } = scope;
    const check = (name: string, host: string, path: string, intervalSeconds: number, inverted: boolean): HealthCheck =>
      new HealthCheck(this, name, {
        type: HealthCheckType.HTTPS,
        fqdn: regionalHostname(host, config.hostname),
        port: 443,
        resourcePath: path,
        enableSNI: true,
        requestInterval: Duration.seconds(intervalSeconds),
        failureThreshold: config.healthCheck.failureThreshold,
        inverted,
      });
    const ownHealth = check('OwnHealth', region, '/health', config.healthCheck.intervalSeconds, false);
    // The peer serves this page only while this Region is evacuated: no answer, a dead peer included, means "not evacuated".
    const notEvacuated = check('NotEvacuated', peer, `/evacuated/${region}`, EVACUATION_INTERVAL_SECONDS, true);
    const inService = new HealthCheck(this, 'InService', {
      type: HealthCheckType.CALCULATED,
      childHealthChecks: [ownHealth, notEvacuated],
      healthThreshold: 2,
    });

    // The console and Route 53's own metrics show nothing else to tell checks apart.
    for (const [what, one] of Object.entries({
      health: ownHealth,
      'not-evacuated': notEvacuated,
      'in-service': inService,
    })) {
      Tags.of(one).add('Name', `baseload-${config.jurisdiction}-${region}-${what}`);
    }

    const ttl = Duration.seconds(config.recordTtlSeconds);
    new CnameRecord(this, 'SharedRecord', {
      zone,
      recordName: config.hostname,
      domainName: domains.shared.regionalDomainName,
      // An alias record would cost nothing, but its TTL of 60 s cannot be changed.
      ttl,
      region,
      setIdentifier: region,
      healthCheck: inService,
    });
    new CnameRecord(this, 'RegionalRecord', {
      zone,
      recordName: regionalHostname(region, config.hostname),
      domainName: domains.regional.regionalDomainName,
      ttl,
    });
  }
}
