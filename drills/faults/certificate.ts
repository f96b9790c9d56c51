// Owns a certificate that ACM does not renew: the record that proves the domain is gone.
import { order } from '../pair/own-run.ts';
import type { Fault } from './fault.ts';

export const renewalStopped = (region: string): Fault => {
  const renewal =
    (does: 'stop' | 'start'): Fault['begin'] =>
    async (baseload) =>
      void (await order(baseload, `/api/regions/${region}/certificates/renewal/${does}`));
  return { what: `the certificate of ${region} is not renewed`, begin: renewal('stop'), end: renewal('start') };
};
