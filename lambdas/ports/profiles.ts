// Owns names and contacts: mutable, erasable, and never in a fact.
import type { AccountId } from '../domain/ids.ts';

export interface Profile {
  readonly accountId: AccountId;
  readonly name: string;
}

export interface Profiles {
  get(accountId: AccountId): Promise<Profile | undefined>;
  /** Puts the profile if this Region's replica holds none; returns the one that is there now. */
  putIfAbsent(profile: Profile): Promise<Profile>;
}

/** The profile could not be read or written in time. `putIfAbsent` may be repeated. */
export class ProfilesUnavailable extends Error {
  override readonly name = 'ProfilesUnavailable';
}
