// Owns the twin of the profiles table in memory.
// Leaves to adapters/dynamo the profiles that survive their process.
import type { AccountId } from '../../domain/ids.ts';
import { type Profile, type Profiles, ProfilesUnavailable } from '../../ports/profiles.ts';

export class MemoryProfiles implements Profiles {
  readonly #profiles = new Map<AccountId, Profile>();

  async get(accountId: AccountId): Promise<Profile | undefined> {
    return this.#profiles.get(accountId);
  }

  async putIfAbsent(profile: Profile): Promise<Profile> {
    const held = this.#profiles.get(profile.accountId) ?? profile;
    this.#profiles.set(profile.accountId, held);
    return held;
  }

  async setEmail(accountId: AccountId, email: string | null): Promise<void> {
    const held = this.#profiles.get(accountId);
    if (held === undefined) throw new ProfilesUnavailable('this Region holds no such profile yet');
    const { name } = held;
    this.#profiles.set(accountId, { accountId, name, ...(email === null ? {} : { email }) });
  }
}
