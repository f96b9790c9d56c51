import { describe, expect, test } from '@jest/globals';
import { resourcesOf, stackNamed, synthesize } from './synthesized.ts';

const region = stackNamed(synthesize(), 'baseload-us-region-us-west-2');
const checks = resourcesOf(region, 'AWS::Route53::HealthCheck');
const records = resourcesOf(region, 'AWS::Route53::RecordSet');

const httpsCheck = {
  Type: 'HTTPS',
  Port: 443,
  EnableSNI: true,
  RequestInterval: 10,
  FailureThreshold: 1,
  MeasureLatency: false,
};

describe('DNS finds a Region while it is healthy and not evacuated', () => {
  test('its own /health, the page that the peer shows while it is evacuated, and both together', () => {
    expect(checks.map(({ Properties }) => Properties.HealthCheckConfig)).toEqual([
      {
        ...httpsCheck,
        FullyQualifiedDomainName: 'us-west-2.billing.example.com',
        ResourcePath: '/health',
        Inverted: false,
      },
      {
        ...httpsCheck,
        RequestInterval: 30,
        FullyQualifiedDomainName: 'us-east-1.billing.example.com',
        ResourcePath: '/evacuated/us-west-2',
        Inverted: true,
      },
      {
        Type: 'CALCULATED',
        HealthThreshold: 2,
        ChildHealthChecks: [{ Ref: checks[0]?.logicalId }, { Ref: checks[1]?.logicalId }],
        Inverted: false,
      },
    ]);
  });

  test('each check can be told apart in the console', () => {
    expect(checks.map(({ Properties }) => Properties.HealthCheckTags)).toEqual([
      [{ Key: 'Name', Value: 'baseload-us-us-west-2-health' }],
      [{ Key: 'Name', Value: 'baseload-us-us-west-2-not-evacuated' }],
      [{ Key: 'Name', Value: 'baseload-us-us-west-2-in-service' }],
    ]);
  });

  test('payers’ hostname: a latency record that follows the check of both', () => {
    expect(records[0]?.Properties).toEqual({
      HostedZoneId: 'Z0123456789EXAMPLE',
      Name: 'billing.example.com.',
      Type: 'CNAME',
      TTL: '5',
      Region: 'us-west-2',
      SetIdentifier: 'us-west-2',
      HealthCheckId: { Ref: checks[2]?.logicalId },
      ResourceRecords: [{ 'Fn::GetAtt': [expect.stringMatching(/^DomainsShared/), 'RegionalDomainName'] }],
    });
  });

  test('the Region’s own hostname: a plain record, whatever its health', () => {
    expect(records[1]?.Properties).toEqual({
      HostedZoneId: 'Z0123456789EXAMPLE',
      Name: 'us-west-2.billing.example.com.',
      Type: 'CNAME',
      TTL: '5',
      ResourceRecords: [{ 'Fn::GetAtt': [expect.stringMatching(/^DomainsRegional/), 'RegionalDomainName'] }],
    });
  });

  test('both hostnames have the Region’s own certificate and lead to its API', () => {
    region.template.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: 'billing.example.com',
      SubjectAlternativeNames: ['us-west-2.billing.example.com'],
      ValidationMethod: 'DNS',
    });
    const names = resourcesOf(region, 'AWS::ApiGatewayV2::DomainName').map(({ Properties }) => Properties);
    expect(names.map(({ DomainName }) => DomainName)).toEqual(['billing.example.com', 'us-west-2.billing.example.com']);
    for (const { DomainNameConfigurations } of names) {
      expect(DomainNameConfigurations).toEqual([
        expect.objectContaining({ EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' }),
      ]);
    }
    region.template.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 2);
  });
});
