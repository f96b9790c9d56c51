// Owns when a pair of Regions is as it was started: up, connected, healthy, and DNS answering with the one nearest to payers.
// Leaves to the proofs and scenarios what they do to it.
import type { Harness } from './harness.ts';

/** Brings it there. @throws Error when it is not within 90 s */
export const settled = async (baseload: Harness): Promise<void> => {
  for (const region of baseload.regionNames) {
    await baseload.tell(region, 'rejoin');
    await baseload.tell(region, 'start');
  }
  await baseload.waitFor(
    'both Regions healthy, and DNS answering with the first',
    async () => {
      const { regions, dns } = await baseload.state();
      return (
        Object.values(regions).every(({ health }) => health === 'healthy') && dns.answer === baseload.regionNames[0]
      );
    },
    90_000,
  );
};
