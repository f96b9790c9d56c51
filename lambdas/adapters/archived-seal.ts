// Owns the text of an archived seal: its own canonical body in the first line, then a line a fact, as the ledger stores it.
// Leaves to the adapters where the text is kept and how it is compressed.
import { canonicalJson, sha256 } from '../domain/canonical.ts';
import type { Fact } from '../domain/facts.ts';
import { keyOf } from '../domain/keys.ts';
import { decodeSeal, encodeSeal, MalformedSeal, type Seal, type SealMember } from '../domain/seal.ts';
import { type ArchivedSeal, CorruptArchive } from '../ports/archive.ts';
import { CorruptFact } from '../ports/event-log.ts';
import { ARCHIVED_FACTS_PREFIX } from '../shared/names.ts';
import { loadFact, type StoredFact, storeFact } from './stored-fact.ts';

const SUFFIX = '.ndjson.gz';

/** As the keys of a chain in the ledger: in the order of ordinals. */
export const chainPrefix = (bucket: number): string => `${ARCHIVED_FACTS_PREFIX}${String(bucket).padStart(2, '0')}/`;

export const objectKey = (bucket: number, ordinal: number): string =>
  `${chainPrefix(bucket)}${String(ordinal).padStart(10, '0')}${SUFFIX}`;

/** Undefined for a key that `objectKey` did not make. */
export const ordinalOf = (key: string): number | undefined => {
  const [, digits] = /\/(\d{10})\.ndjson\.gz$/.exec(key) ?? [];
  return digits === undefined ? undefined : Number(digits);
};

/**
 * SHA-256 of the first line, without its end, is the seal's hash: the next object's first line names it as `previous`.
 * @throws RangeError unless the facts are the members, in any order, with their checksums
 */
export const archivedText = ({ seal, facts }: ArchivedSeal): string => {
  const stored = new Map(facts.map((fact) => [`${fact.accountId}|${keyOf(fact)}`, storeFact(fact)]));
  const lines = seal.members.map((member) => {
    const fact = stored.get(`${member.accountId}|${member.key}`);
    if (fact?.sum !== member.sum) throw notTheMember(seal, member, fact);
    return canonicalJson(fact);
  });
  if (facts.length !== lines.length) {
    throw new RangeError(
      `seal ${seal.ordinal} of bucket ${seal.bucket} has ${lines.length} facts, got ${facts.length}`,
    );
  }
  return [encodeSeal(seal).body, ...lines, ''].join('\n');
};

const notTheMember = ({ bucket, ordinal }: Seal, { accountId, key, sum }: SealMember, got: StoredFact | undefined) =>
  new RangeError(
    `seal ${ordinal} of bucket ${bucket} holds fact ${key} of account ${accountId} with checksum ${sum}, got ${got?.sum ?? 'no such fact'}`,
  );

/** @throws CorruptArchive when seal, facts or their number do not hold, or it is another seal's */
export const readArchivedText = (bucket: number, ordinal: number, text: string): ArchivedSeal => {
  const corrupt = (reason: string) => new CorruptArchive(bucket, ordinal, reason);
  const [head = '', ...lines] = text.split('\n');
  if (lines.pop() !== '') throw corrupt('its last line has no end');
  const seal = sealOf(head, corrupt);
  if (seal.bucket !== bucket || seal.ordinal !== ordinal) {
    throw corrupt(`it says it is seal ${seal.ordinal} of bucket ${seal.bucket}`);
  }
  if (lines.length !== seal.members.length) {
    throw corrupt(`it has ${lines.length} facts, its seal says ${seal.members.length}`);
  }
  const facts = seal.members.map((member, place) => factOf(lines[place] ?? '', member, corrupt));
  return { seal, facts };
};

type Corrupt = (reason: string) => CorruptArchive;

/** The seal's fields are held by its hash alone, which only the next seal of the chain and the ledger know. */
const sealOf = (body: string, corrupt: Corrupt): Seal => {
  try {
    return decodeSeal({ body, hash: sha256(body) });
  } catch (error) {
    throw error instanceof MalformedSeal ? corrupt(error.message) : error;
  }
};

const factOf = (line: string, { accountId, key, sum }: SealMember, corrupt: Corrupt): Fact => {
  const stored = storedOf(line, corrupt);
  if (stored.pk !== accountId || stored.sk !== key || stored.sum !== sum) {
    throw corrupt(`fact ${key} of account ${accountId} is not as the seal has it`);
  }
  try {
    return loadFact(stored);
  } catch (error) {
    throw error instanceof CorruptFact ? corrupt(error.message) : error;
  }
};

const storedOf = (line: string, corrupt: Corrupt): Partial<StoredFact> => {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw corrupt('a line is no fact');
};
