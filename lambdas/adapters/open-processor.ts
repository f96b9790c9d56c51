// Owns which processor this worker charges at, as the config file of the jurisdiction says.
// Leaves to the adapters how each is asked.
import type { Processor } from '../ports/processor.ts';
import { setting } from '../shared/env.ts';
import { PROCESSORS, processorSecretName } from '../shared/names.ts';
import { TIMEOUTS } from '../shared/policies.ts';
import { HttpProcessor } from './http-processor.ts';
import { readSecret } from './secrets.ts';
import { StripeProcessor } from './stripe-processor.ts';
import { TestAccountProcessor } from './test-account-processor.ts';

/** @throws SecretUnavailable for a key that cannot be read. @throws Error for a processor nobody knows */
export const openProcessor = async (region: string, jurisdiction: string): Promise<Processor> =>
  new TestAccountProcessor(await openReal(region, jurisdiction));

const openReal = async (region: string, jurisdiction: string): Promise<Processor> => {
  const wanted = setting('processor');
  const timeoutMs = TIMEOUTS.processorCallMs;
  switch (PROCESSORS.find((known) => known === wanted)) {
    case 'local':
      return new HttpProcessor({ url: setting('processorUrl'), timeoutMs });
    case 'stripe':
      return new StripeProcessor({
        apiKey: await readSecret(region, processorSecretName(jurisdiction, 'stripe')),
        timeoutMs,
      });
    case undefined:
      throw new Error(`processor ${wanted} is unknown, this version knows ${PROCESSORS.join(', ')}`);
  }
};
