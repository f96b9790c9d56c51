// Owns the twin of the profiles table in memory.
// Leaves to adapters/dynamo the profiles that survive their process.
import type { AccountId } from '../../domain/ids.ts';
import { type Profile, type Profiles, ProfilesUnavailable } from '../../ports/profiles.ts';

export class MemoryProfiles implements Profiles {
  /** `rows`: a map that goes to another Region, where one is simulated. */
  constructor(private readonly rows: Map<AccountId, Profile> = new Map()) {}

  async get(accountId: AccountId): Promise<Profile | undefined> {
    return this.rows.get(accountId);
  }

  async putIfAbsent(profile: Profile): Promise<Profile> {
    const held = this.rows.get(profile.accountId) ?? profile;
    this.rows.set(profile.accountId, held);
    return held;
  }

  async setEmail(accountId: AccountId, email: string | null): Promise<void> {
    const held = this.rows.get(accountId);
    if (held === undefined) throw new ProfilesUnavailable('this Region holds no such profile yet');
    const { name } = held;
    this.rows.set(accountId, { accountId, name, ...(email === null ? {} : { email }) });
  }
}
