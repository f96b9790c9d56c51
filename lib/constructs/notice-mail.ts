// Owns what notices by mail need of SES in the Region: the sender's domain as an identity, and a configuration set that asks for TLS.
// Leaves to the operator the DNS records that the outputs name, and leaving SES's sandbox. Without a sender nothing is made.
import { CfnOutput } from 'aws-cdk-lib';
import { ConfigurationSet, ConfigurationSetTlsPolicy, EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { mailConfigurationSetName } from '../../lambdas/shared/names.ts';
import { senderDomain } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';

export class NoticeMail extends Construct {
  constructor(parent: Construct, id: string, { stack, config: { jurisdiction, noticeSender } }: RegionScope) {
    super(parent, id);
    if (noticeSender === undefined) return;
    new ConfigurationSet(this, 'ConfigurationSet', {
      configurationSetName: mailConfigurationSetName(jurisdiction),
      // What is told of an account never travels in the clear; a receiver without TLS gets nothing.
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
    });
    const identity = new EmailIdentity(this, 'Identity', { identity: Identity.domain(senderDomain(noticeSender)) });
    for (const [index, { name, value }] of identity.dkimRecords.entries()) {
      new CfnOutput(stack, `NoticeSenderDkim${index + 1}`, {
        value: `${name} CNAME ${value}`,
        description: 'Put it into the DNS of the sender’s domain: SES signs and sends once all three are there',
      });
    }
  }
}
