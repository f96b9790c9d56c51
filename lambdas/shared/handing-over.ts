// Owns that damage somebody meets while reading is looked at by the scrubber within a minute, instead of when its walk comes by.
// Leaves to the reader the error as it was, and to lambdas/scrub the repair.
import { accountId as accountIdFrom } from '../domain/ids.ts';
import { CorruptFact } from '../ports/event-log.ts';
import type { Suspects } from '../ports/scrubbing.ts';
import { errorFields, type Telemetry } from './telemetry.ts';

export interface Scrubber {
  readonly suspects: Suspects;
  readonly telemetry: Pick<Telemetry, 'warn'>;
}

/** `store` as it is; a CorruptFact that one of its methods throws is handed over before it is thrown on. */
export const handingOver = <Store extends object>(store: Store, scrubber: Scrubber): Store =>
  new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...given: readonly unknown[]): Promise<unknown> => {
        try {
          return await member.apply(target, given);
        } catch (error) {
          if (error instanceof CorruptFact) await handOver(scrubber, error.accountId);
          throw error;
        }
      };
    },
  });

/** What cannot be handed over is found by the scrubber's walk, only later: the reader has another error to tell. */
export const handOver = async ({ suspects, telemetry }: Scrubber, given: string): Promise<void> => {
  const accountId = accountIdFrom(given);
  if (accountId === undefined) return;
  try {
    await suspects.suspect(accountId);
  } catch (error) {
    telemetry.warn('not handed to the scrubber', { accountId, ...errorFields(error) });
  }
};
