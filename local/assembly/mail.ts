// Owns who may be sent from: the identities and configuration sets of SES in a Region.
// Leaves to local/ses what is done with them. Mail never leaves this machine, so that TLS is only checked to be asked for.
import type { MailPlan } from './plan.ts';
import type { Resources } from './resources.ts';

export function readMail(resources: Resources): MailPlan {
  return {
    identities: resources.ofType('AWS::SES::EmailIdentity').map(({ properties }) => properties.text('EmailIdentity')),
    configurationSets: resources.ofType('AWS::SES::ConfigurationSet').map(({ properties, ref }) => {
      properties.value('Name');
      properties.object('DeliveryOptions').only('TlsPolicy', 'REQUIRE');
      return ref();
    }),
  };
}
