// Owns seals: what a closed window of facts is summed up in, how one follows from the one before, and what makes a text a seal.
// Leaves to lambdas/seal-windows when a window is closed and who verifies it, to the stores where a seal is kept.
import { createHash } from 'node:crypto';
import { canonicalJson, sha256 } from './canonical.ts';
import { type AccountId, accountId } from './ids.ts';
import { type FactKey, parseFactKey } from './keys.ts';

/** Chains of seals; an account's facts are all in one of them. A change of it needs a new generation of the ledger. */
export const SEAL_BUCKETS = 64;

/** Windows begin at whole minutes of UTC. */
export const SEAL_WINDOW_MS = 60_000;

/** At most about 115 bytes of each cannot be compressed (names and checksums): well below the 400 KB of an item. */
export const MAX_SEAL_MEMBERS = 2_000;

/** The version of the form below; a seal of another one is not read. */
const SCHEMA_VERSION = 1;

/** The chain that the account belongs to: the first six bits of SHA-256 of its id. */
export const sealBucketOf = (account: AccountId): number =>
  (createHash('sha256').update(account).digest()[0] ?? 0) >>> 2;

export interface SealMember {
  readonly accountId: AccountId;
  readonly key: FactKey;
  /** The fact's own checksum. */
  readonly sum: string;
  /** Of an earlier window than the seal's: it came to the sealing Region after that was closed. */
  readonly late: boolean;
}

export interface Seal {
  /** 0 to SEAL_BUCKETS - 1. */
  readonly bucket: number;
  /** From 1, without gaps. */
  readonly ordinal: number;
  /** All members have `occurredAtMs` below it. */
  readonly windowEndMs: number;
  /** Who sealed. */
  readonly region: string;
  /** By the clock of that Region: every member was in the ledger before. */
  readonly sealedAtMs: number;
  /** The hash of the seal before; empty for the first. */
  readonly previous: string;
  /** Over the members, whatever their order. */
  readonly digest: string;
  /** At least one, sorted by account and key. */
  readonly members: readonly SealMember[];
}

export interface SealHead {
  readonly ordinal: number;
  readonly hash: string;
}

/** Before the first seal of a chain. */
export const NO_SEAL: SealHead = { ordinal: 0, hash: '' };

const placeOf = ({ accountId: account, key }: Pick<SealMember, 'accountId' | 'key'>): string => `${account}|${key}`;

/** base64url SHA-256 over one line a fact, sorted: the same for the same set of facts. */
export const sealDigest = (members: readonly Pick<SealMember, 'accountId' | 'key' | 'sum'>[]): string =>
  sha256(
    members
      .map((member) => `${placeOf(member)}|${member.sum}\n`)
      .sort()
      .join(''),
  );

/** A fact that no seal holds yet. */
export interface UnsealedFact {
  readonly accountId: AccountId;
  readonly key: FactKey;
  readonly occurredAtMs: number;
  readonly sum: string;
}

/** The end of the newest window that is closed at `nowMs`, `graceMs` after its end. */
export const closedWindowEnd = (nowMs: number, graceMs: number): number =>
  Math.floor((nowMs - graceMs) / SEAL_WINDOW_MS) * SEAL_WINDOW_MS;

export interface SealPlace {
  readonly bucket: number;
  readonly windowEndMs: number;
  readonly region: string;
  readonly sealedAtMs: number;
}

/** The seal that follows `head`. @throws RangeError unless there are 1 to MAX_SEAL_MEMBERS facts, all of the bucket and before the window's end */
export const makeSeal = (head: SealHead, place: SealPlace, facts: readonly UnsealedFact[]): Seal => {
  if (facts.length < 1 || facts.length > MAX_SEAL_MEMBERS) {
    throw new RangeError(`a seal has 1 to ${MAX_SEAL_MEMBERS} facts, got ${facts.length}`);
  }
  const stray = facts.find(
    (fact) => sealBucketOf(fact.accountId) !== place.bucket || fact.occurredAtMs >= place.windowEndMs,
  );
  if (stray !== undefined) {
    throw new RangeError(
      `fact ${stray.key} of account ${stray.accountId} at ${stray.occurredAtMs} ms does not belong to bucket ${place.bucket} before ${place.windowEndMs} ms`,
    );
  }
  const windowStartMs = place.windowEndMs - SEAL_WINDOW_MS;
  const members = facts.map(
    ({ accountId: account, key, sum, occurredAtMs }): SealMember => ({
      accountId: account,
      key,
      sum,
      late: occurredAtMs < windowStartMs,
    }),
  );
  members.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  return { ...place, ordinal: head.ordinal + 1, previous: head.hash, digest: sealDigest(members), members };
};

export interface EncodedSeal {
  /** Canonical JSON of the seal and its schema version. */
  readonly body: string;
  /** base64url SHA-256 over `body`: the seal's hash, which the next one names. */
  readonly hash: string;
}

export const encodeSeal = ({ members, ...seal }: Seal): EncodedSeal => {
  const lines = members.map(({ accountId: account, key, sum, late }) => [account, key, sum, late]);
  const body = canonicalJson({ ...seal, count: members.length, members: lines, schemaVersion: SCHEMA_VERSION });
  return { body, hash: sha256(body) };
};

/** Where a chain stands after `seal`. */
export const headAfter = (seal: Seal): SealHead => ({ ordinal: seal.ordinal, hash: encodeSeal(seal).hash });

/** Why `seal` does not follow `head`; undefined when it does. */
export const chainBreak = (head: SealHead, seal: Seal): string | undefined => {
  if (seal.ordinal !== head.ordinal + 1) return `seal ${head.ordinal + 1} is missing, the next one is ${seal.ordinal}`;
  if (seal.previous !== head.hash) return `it does not follow seal ${head.ordinal} as this Region verified it`;
  return undefined;
};

/** A text that is no seal; the message says why. */
export class MalformedSeal extends Error {
  override readonly name = 'MalformedSeal';
}

/** @throws MalformedSeal when checksum, form, schema version or digest do not hold */
export const decodeSeal = ({ body, hash }: EncodedSeal): Seal => {
  if (sha256(body) !== hash) throw new MalformedSeal('its checksum does not match its body');
  const seal = toSeal(parsed(body));
  // The checksum is anybody's to compute; the canonical form, count and digest tell a seal from another writer's text.
  if (encodeSeal(seal).body !== body) throw new MalformedSeal('it is not in the form that seals are written in');
  if (seal.members.length === 0) throw new MalformedSeal('it has no members');
  if (sealDigest(seal.members) !== seal.digest) throw new MalformedSeal('its digest is not that of its members');
  return seal;
};

const parsed = (body: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below, as for any other text that no writer of seals made.
  }
  throw new MalformedSeal('its body is no JSON object');
};

const toSeal = ({ members, count: _, schemaVersion, ...rest }: Readonly<Record<string, unknown>>): Seal => {
  if (schemaVersion !== SCHEMA_VERSION) throw new MalformedSeal(`its schema version is ${String(schemaVersion)}`);
  const { bucket, ordinal, windowEndMs, region, sealedAtMs, previous, digest } = rest;
  const numbers = [bucket, ordinal, windowEndMs, sealedAtMs];
  const texts = [region, previous, digest];
  if (!numbers.every(Number.isSafeInteger) || !texts.every((text) => typeof text === 'string')) {
    throw new MalformedSeal('a field is missing or of another type');
  }
  if (!Array.isArray(members)) throw new MalformedSeal('it has no list of members');
  return { ...(rest as unknown as Omit<Seal, 'members'>), members: members.map(toMember) };
};

const toMember = (line: unknown): SealMember => {
  const [account, key, sum, late]: readonly unknown[] = Array.isArray(line) ? line : [];
  const id = typeof account === 'string' ? accountId(account) : undefined;
  const known = typeof key === 'string' && parseFactKey(key) !== undefined;
  if (id === undefined || !known || typeof sum !== 'string' || typeof late !== 'boolean') {
    throw new MalformedSeal('a member is no account, fact key, checksum and mark of lateness');
  }
  return { accountId: id, key: key as FactKey, sum, late };
};
