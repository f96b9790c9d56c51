// Owns the certificates of a Region, by ARN: what stands in a template of them is that they are ACM's own, validated by DNS.
// Leaves to local/acm when they expire and are renewed. Endpoints here are loopback HTTP: nothing is encrypted with them.
import type { Resources } from './resources.ts';

export function readCertificates(resources: Resources): readonly string[] {
  return resources.ofType('AWS::CertificateManager::Certificate').map(({ properties, ref }) => {
    properties.text('DomainName');
    properties.texts('SubjectAlternativeNames');
    properties.only('ValidationMethod', 'DNS');
    return ref();
  });
}
