// Owns names and contacts: mutable, erasable, and never in a fact.
import type { AccountId } from '../domain/ids.ts';

export interface Profile {
  readonly accountId: AccountId;
  readonly name: string;
  /** Where the payer wants notices; absent: nowhere. */
  readonly email?: string;
}

export interface Profiles {
  get(accountId: AccountId): Promise<Profile | undefined>;
  /** Puts the profile if this Region's replica holds none; returns the one that is there now. */
  putIfAbsent(profile: Profile): Promise<Profile>;
  /**
   * The newest address wins, null erases it. A profile that this Region's replica does not hold yet is never made here: it would
   * come without its name and win over the one that has it.
   * @throws ProfilesUnavailable, also for such a profile: it comes within seconds
   */
  setEmail(accountId: AccountId, email: string | null): Promise<void>;
}

/** The profile could not be read or written in time. Each of them may be repeated. */
export class ProfilesUnavailable extends Error {
  override readonly name = 'ProfilesUnavailable';
}
