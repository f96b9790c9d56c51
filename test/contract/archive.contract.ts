// Owns what an archive must do.
import { expect, test } from '@jest/globals';
import { encodeFact } from '../../lambdas/domain/codec.ts';
import { keyOf } from '../../lambdas/domain/keys.ts';
import { chainBreak, headAfter, NO_SEAL, type Seal, sealBucketOf } from '../../lambdas/domain/seal.ts';
import type { Archive, ArchivedSeal } from '../../lambdas/ports/archive.ts';
import { account, NOON_MS, opened, paid } from './facts.ts';
import { sealOf } from './seal-facts.ts';

export interface ArchiveOfTest {
  readonly archive: Archive;
  /** Puts `bytes` where the object of a seal is, behind the archive's back. */
  readonly damage: (key: string, bytes: string) => Promise<void>;
}

const ACCOUNT = 'us_archived';
export const BUCKET_OF_ACCOUNT = sealBucketOf(account(ACCOUNT));
export const KEY_OF_FIRST = `facts/${String(BUCKET_OF_ACCOUNT).padStart(2, '0')}/0000000001.ndjson.gz`;

const first = (): ArchivedSeal => {
  const facts = [paid(ACCOUNT, 'b'), opened(ACCOUNT), paid(ACCOUNT, 'c')];
  return { seal: sealOf(facts), facts };
};
const following = (before: Seal, tag: string): ArchivedSeal => {
  const facts = [paid(ACCOUNT, tag)];
  return { seal: sealOf(facts, headAfter(before)), facts };
};

export const archiveContract = (open: () => Promise<ArchiveOfTest>): void => {
  test('a seal that was never archived is not there', async () => {
    const { archive } = await open();
    expect(await archive.read(BUCKET_OF_ACCOUNT, 1)).toBeUndefined();
    expect(await archive.list(BUCKET_OF_ACCOUNT, 0, 10)).toEqual([]);
  });

  test('facts come back as the ledger has them, in the order of the seal', async () => {
    const { archive } = await open();
    const { seal, facts } = first();
    expect(await archive.put({ seal, facts })).toBe('stored');
    const read = await archive.read(seal.bucket, 1);
    expect(read?.seal).toEqual(seal);
    expect(read?.facts.map((fact) => [keyOf(fact), encodeFact(fact).sum])).toEqual(
      seal.members.map(({ key, sum }) => [key, sum]),
    );
  });

  test('a repeat changes nothing, and other facts under the same ordinal are told apart', async () => {
    const { archive } = await open();
    await archive.put(first());
    expect(await archive.put(first())).toBe('present');
    const facts = [paid(ACCOUNT, 'x')];
    const other = { seal: sealOf(facts), facts };
    expect(await archive.put(other)).toBe('differs');
    expect((await archive.read(BUCKET_OF_ACCOUNT, 1))?.facts).toHaveLength(3);
  });

  test('the chain is proven from the archive alone, and a gap in it is seen', async () => {
    const { archive } = await open();
    const one = first();
    const two = following(one.seal, 'd');
    const three = following(two.seal, 'e');
    for (const each of [three, one, two]) await archive.put(each);
    expect(await archive.list(BUCKET_OF_ACCOUNT, 0, 10)).toEqual([1, 2, 3]);
    expect(await archive.list(BUCKET_OF_ACCOUNT, 1, 1)).toEqual([2]);
    let head = NO_SEAL;
    for (const ordinal of await archive.list(BUCKET_OF_ACCOUNT, 0, 10)) {
      const { seal } = (await archive.read(BUCKET_OF_ACCOUNT, ordinal)) as ArchivedSeal;
      expect(chainBreak(head, seal)).toBeUndefined();
      head = headAfter(seal);
    }
    expect(chainBreak(headAfter(one.seal), three.seal)).toBe('seal 2 is missing, the next one is 3');
  });

  test('only the facts of the seal are put under it', async () => {
    const { archive } = await open();
    const { seal, facts } = first();
    const [fact] = facts;
    await expect(archive.put({ seal, facts: facts.slice(1) })).rejects.toThrow(
      /^seal 1 of bucket \d+ holds fact p#pay_b\S+ of account us_archived with checksum \S+, got no such fact$/,
    );
    await expect(archive.put({ seal, facts: [...facts, paid(ACCOUNT, 'z')] })).rejects.toThrow(
      /^seal 1 of bucket \d+ has 3 facts, got 4$/,
    );
    const changed = { ...fact, occurredAtMs: NOON_MS + 1 } as (typeof facts)[number];
    await expect(archive.put({ seal, facts: [changed, ...facts.slice(1)] })).rejects.toThrow(/with checksum/);
    expect(await archive.list(seal.bucket, 0, 10)).toEqual([]);
  });

  test('what was damaged is named and not believed, told as a difference, and mended by a newer version', async () => {
    const { archive, damage } = await open();
    await archive.put(first());
    await damage(KEY_OF_FIRST, 'nothing that was put there');
    await expect(archive.read(BUCKET_OF_ACCOUNT, 1)).rejects.toMatchObject({
      name: 'CorruptArchive',
      bucket: BUCKET_OF_ACCOUNT,
      ordinal: 1,
    });
    expect(await archive.put(first())).toBe('differs');
    await archive.rewrite(first());
    expect((await archive.read(BUCKET_OF_ACCOUNT, 1))?.facts).toHaveLength(3);
    expect(await archive.put(first())).toBe('present');
  });
};
