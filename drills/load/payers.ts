// Owns the payers of a drill: so many of each kind, each with its own names, connections and client.
// Leaves to open-load.ts when they pay.
import { readAssembly } from '../../local/assembly/read-assembly.ts';
import { regionalTargets } from '../../local/route53/endpoints.ts';
import type { Harness } from '../pair/harness.ts';
import { dnsPayer } from './dns-payer.ts';
import { libraryPayer } from './library-payer.ts';
import type { Payer, PayerKind } from './payer.ts';

export const PAYERS_OF_A_KIND = 5;

export const payersOf = async (
  baseload: Harness,
  token: string,
): Promise<Readonly<Record<PayerKind, readonly Payer[]>>> => {
  const { ready } = baseload;
  const { assembly } = await baseload.wiring();
  const targets = regionalTargets(readAssembly(assembly), (region) =>
    Number(new URL(ready.regions[region] ?? '').port),
  );
  const many = (make: () => Payer): readonly Payer[] => Array.from({ length: PAYERS_OF_A_KIND }, make);
  const dns = (keepsConnections: boolean) =>
    many(() =>
      dnsPayer({
        hostname: ready.hostname,
        dnsPort: Number(ready.dns.split(':')[1]),
        portOf: (target) => targets.get(target)?.port,
        token,
        keepsConnections,
      }),
    );
  const regions = Object.values(ready.regions);
  return { dns: dns(false), 'dns-kept': dns(true), library: many(() => libraryPayer({ regions, token })) };
};
