// Owns the two hostnames under which a Region's API answers, the one that payers use and the Region's own, and their certificate.
// Leaves to region-routing.ts where DNS sends whom.
import { ApiMapping, DomainName, type HttpApi, type HttpStage, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { certificateExpiry } from '../alarms/change-signals.ts';
import { regionalHostname } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';
import { BillingAlarm } from './billing-alarm.ts';

export interface ApiDomainsProps {
  readonly scope: RegionScope;
  readonly zone: IHostedZone;
  readonly api: HttpApi;
  readonly stage: HttpStage;
}

export class ApiDomains extends Construct {
  /** The jurisdiction's hostname, in this Region. */
  readonly shared: DomainName;
  /** The Region's own hostname. */
  readonly regional: DomainName;

  constructor(parent: Construct, id: string, { scope, zone, api, stage }: ApiDomainsProps) {
    super(parent, id);
    const { hostname } = scope.config;
    const own = regionalHostname(scope.region, hostname);
    const certificate = new Certificate(this, 'Certificate', {
      domainName: hostname,
      subjectAlternativeNames: [own],
      validation: CertificateValidation.fromDns(zone),
    });
    new BillingAlarm(this, 'certificate-expiry', {
      config: scope.config,
      slug: 'certificate-expiry',
      signal: certificateExpiry(certificate.certificateArn),
    });
    const domain = (name: string, domainName: string): DomainName => {
      const made = new DomainName(this, name, { domainName, certificate, securityPolicy: SecurityPolicy.TLS_1_2 });
      new ApiMapping(this, `${name}Mapping`, { api, stage, domainName: made });
      return made;
    };
    this.shared = domain('Shared', hostname);
    this.regional = domain('Regional', own);
  }
}
