// Owns the opening of an account: once, and the same request again changes nothing.
// Leaves names and contacts to the profiles: no fact holds any.
import type { OpenAccount } from './commands.ts';
import { type Decision, factBase, nextPlace, rejected } from './decision.ts';
import type { AccountOpened, Fact } from './facts.ts';
import { matchesFingerprint } from './fingerprint.ts';
import { accountStream } from './keys.ts';
import { ZERO } from './money.ts';

export const decideOpenAccount = (facts: readonly Fact[], command: OpenAccount): Decision<AccountOpened> => {
  const [existing] = facts;
  if (existing !== undefined) {
    return matchesFingerprint(existing.fingerprint, command.body)
      ? { kind: 'replay', fact: existing }
      : rejected('account-exists', `Account ${command.accountId} is open already, with other particulars`);
  }
  const place = nextPlace(accountStream, facts, [], command.nowMs);
  if ('kind' in place) return place;
  return {
    kind: 'append',
    fact: { ...factBase(command, command, place, ZERO), type: 'AccountOpened', timeZone: command.timeZone },
  };
};
