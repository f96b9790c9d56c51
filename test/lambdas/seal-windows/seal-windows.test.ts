import { describe, expect, test } from '@jest/globals';
import type { Fact } from '../../../lambdas/domain/facts.ts';
import { keyOf } from '../../../lambdas/domain/keys.ts';
import { encodeSeal, headAfter, SEAL_BUCKETS } from '../../../lambdas/domain/seal.ts';
import { LedgerUnavailable } from '../../../lambdas/ports/event-log.ts';
import { NOON_MS, opened, paid } from '../../contract/facts.ts';
import { twoRegions } from './two-regions.ts';

/** Of account us_a. */
const BUCKET = 3;
/** The window that ends at noon is closed. */
const CLOSED_MS = NOON_MS + 30_000;
const earlier = (tag: string, agoMs = 1_000, accountId = 'us_a'): Fact => paid(accountId, tag, 5n, NOON_MS - agoMs);

/** Facts that both Regions have, sealed by the east, and the west two minutes later with a watermark of then. */
const sealedByEast = async (facts: readonly Fact[], kept: (fact: Fact) => boolean = () => true) => {
  const world = twoRegions(CLOSED_MS);
  const { shared, east, west } = world;
  await shared.append(...facts);
  await east.deliver();
  await west.deliver(facts.length, kept);
  await east.run();
  shared.clock.currentMs += 60_000;
  await west.cover();
  return world;
};

describe('sealing', () => {
  test('a window is closed half a minute after its end, and its facts are sealed', async () => {
    const { shared, east } = twoRegions(CLOSED_MS - 1);
    await shared.append(opened('us_a', NOON_MS - 30_000), earlier('a'), paid('us_a', 'b', 5n, NOON_MS));
    await east.deliver();
    await east.run();
    expect(await shared.allSeals()).toEqual([]);
    shared.clock.currentMs += 1;
    const telemetry = await east.run();
    const [seal, ...more] = await shared.allSeals();
    expect(more).toEqual([]);
    expect(seal).toMatchObject({
      bucket: BUCKET,
      ordinal: 1,
      windowEndMs: NOON_MS,
      region: 'us-east-1',
      sealedAtMs: CLOSED_MS,
      previous: '',
    });
    expect(seal?.members.map(({ key, late }) => [key.slice(0, 7), late])).toEqual([
      ['a#000', false],
      ['p#pay_a', false],
    ]);
    expect([telemetry.counts.get('FactsSealed'), telemetry.counts.get('SealsVerified')]).toEqual([2, 1]);
    expect((await east.work.heads()).get(BUCKET)).toMatchObject({ ordinal: 1, hash: encodeSeal(seal as never).hash });
  });

  test('a bucket without new facts makes no seal', async () => {
    const { shared, east } = await sealedByEast([earlier('a')]);
    await east.run();
    expect(await shared.allSeals()).toHaveLength(1);
  });

  test('a fact that comes after its window was closed is in the next seal, marked late', async () => {
    const { shared, east, west } = await sealedByEast([earlier('a'), earlier('b')], (fact) =>
      fact.stream.includes('pay_b'),
    );
    expect((await shared.allSeals())[0]?.members).toHaveLength(2);
    await shared.append(earlier('c', 500));
    await Promise.all([east.deliver(), west.deliver()]);
    await west.run();
    expect((await shared.allSeals())[1]).toMatchObject({
      ordinal: 2,
      region: 'us-west-2',
      windowEndMs: NOON_MS + 60_000,
    });
    expect((await shared.allSeals())[1]?.members).toMatchObject([{ late: true }]);
  });

  test('of two Regions that seal at once one fixes what is in it, and the other verifies that', async () => {
    const { shared, east, west } = twoRegions(CLOSED_MS);
    await shared.append(earlier('a'), earlier('b', 900), earlier('c', 800, 'us_b'));
    await east.deliver();
    await west.deliver();
    await Promise.all([east.run(), west.run()]);
    const seals = await shared.allSeals();
    expect(seals.map(({ ordinal, members }) => [ordinal, members.length]).sort()).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(await east.work.heads()).toEqual(await west.work.heads());
  });

  test('more facts than one seal holds make several', async () => {
    const { shared, east } = twoRegions(CLOSED_MS);
    const tag = (n: number) => [...String(n).padStart(4, '0')].map((digit) => 'bcdefghijk'[Number(digit)]).join('');
    await shared.append(...Array.from({ length: 2_001 }, (_, n) => earlier(tag(n))));
    await east.deliver();
    await east.run();
    expect((await shared.allSeals()).map(({ members }) => members.length)).toEqual([2_000, 1]);
  });

  test('the archive hears of every seal that this Region has verified, from each Region', async () => {
    const { east, west } = await sealedByEast([earlier('a')]);
    await west.run();
    const body = '{"kind":"seal","bucket":3,"ordinal":1}';
    expect([east.archive.sent, west.archive.sent]).toEqual([[{ body }], [{ body }]]);
  });

  test('a seal of which the archive could not be told is told of by the next run', async () => {
    const { west } = await sealedByEast([earlier('a')]);
    await west.run({ archive: { send: async () => ({ failed: [0] }) } });
    expect((await west.work.heads()).size).toBe(0);
    await west.run();
    expect(west.archive.sent).toHaveLength(1);
    expect((await west.work.heads()).get(BUCKET)?.ordinal).toBe(1);
  });

  test('a fact that is sealed twice is harmless: both seals are verified', async () => {
    const fact = earlier('a');
    const { shared, east, west } = await sealedByEast([fact]);
    await west.run();
    // As after a rebuild of the view from nothing: its line is new, and so its row.
    west.views.accounts.clear();
    await west.views.apply([fact]);
    await west.run();
    const seals = await shared.allSeals();
    expect(seals.map(({ ordinal, members }) => [ordinal, members.length])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    const telemetry = await east.run();
    expect([telemetry.counts.get('SealsVerified'), telemetry.counts.get('SealDifferences')]).toEqual([1, undefined]);
    expect(await east.work.heads()).toEqual(await west.work.heads());
  });
});

describe('verifying', () => {
  test('what may still come leaves the seal unverified, and its age is told', async () => {
    const { shared, west } = await sealedByEast([earlier('a'), earlier('b')], (fact) => fact.stream.includes('pay_b'));
    shared.clock.currentMs = CLOSED_MS + 100_000;
    // The stream is where it was three seconds after the seal was made, by clocks that may differ by as much.
    const behind = await west.run({ regionState: { watermarks: async () => new Map(marks(CLOSED_MS + 2_999)) } });
    expect(behind.durations.get('OldestUnverifiedSealMs')).toEqual([100_000]);
    expect([behind.counts.get('SealDifferences'), behind.counts.get('ViewFactsMended')]).toEqual([
      undefined,
      undefined,
    ]);
    expect(behind.lines).toContainEqual({
      level: 'warn',
      message: 'seal not verified yet',
      fields: { seal: '03/1', region: 'us-east-1', count: 1 },
    });
    const covered = await west.run({ regionState: { watermarks: async () => new Map(marks(CLOSED_MS + 3_000)) } });
    expect(covered.counts.get('ViewFactsMended')).toBe(1);
  });

  test.each([
    ['a heartbeat key was never seen', async () => new Map(marks(NOON_MS * 2).slice(1)), undefined],
    ['the view is being rebuilt', async () => new Map(marks(NOON_MS * 2)), 'rehydrating'],
  ])('nothing is missing while %s', async (_, watermarks, state) => {
    const { west } = await sealedByEast([earlier('a')], () => false);
    if (state !== undefined) await west.rehydrations.begin('stream-gap', NOON_MS, 'done');
    const telemetry = await west.run({ regionState: { watermarks } });
    expect(telemetry.counts.get('ViewFactsMended')).toBeUndefined();
    expect((await west.work.heads()).size).toBe(0);
  });

  test('a batch that the stream lost is named and put into the view with its sums', async () => {
    const facts = [opened('us_a', NOON_MS - 5_000), earlier('a'), earlier('b')];
    const { west } = await sealedByEast(facts, (fact) => !fact.stream.includes('pay_a'));
    const telemetry = await west.run();
    expect(telemetry.counts.get('ViewFactsMended')).toBe(1);
    expect(telemetry.counts.get('SealDifferences')).toBeUndefined();
    expect(telemetry.lines).toContainEqual({
      level: 'warn',
      message: 'the view lacked a sealed fact, and has it again',
      fields: { seal: '03/1', region: 'us-east-1', accountId: 'us_a', factKey: keyOf(earlier('a')) },
    });
    expect(await west.views.sums('us_a' as never)).toMatchObject({ paidMinor: 10n, factCount: 3 });
    expect((await west.work.heads()).get(BUCKET)?.ordinal).toBe(1);
    expect(west.unsealedCount()).toBe(0);
  });

  test('a line that was removed from the view comes back, and counts once', async () => {
    const { west } = await sealedByEast([earlier('a'), earlier('b')]);
    west.views.accounts.get('us_a')?.facts.delete(keyOf(earlier('a')));
    expect((await west.run()).counts.get('ViewFactsMended')).toBe(1);
    expect(await west.views.fact('us_a' as never, keyOf(earlier('a')))).toEqual(earlier('a'));
    expect(await west.views.sums('us_a' as never)).toMatchObject({ paidMinor: 10n, factCount: 2 });
  });

  test('a line that was damaged is put back, and counts once', async () => {
    const { west } = await sealedByEast([earlier('a')]);
    const lines = west.views.accounts.get('us_a')?.facts;
    const line = lines?.get(keyOf(earlier('a')));
    lines?.set(keyOf(earlier('a')), { ...(line as NonNullable<typeof line>), body: '{}' });
    expect((await west.run()).counts.get('ViewFactsMended')).toBe(1);
    expect(await west.views.fact('us_a' as never, keyOf(earlier('a')))).toEqual(earlier('a'));
    expect(await west.views.sums('us_a' as never)).toMatchObject({ paidMinor: 5n, factCount: 1 });
  });

  test('where lines and sums do not fit together nothing is guessed, and the scrubber has the account', async () => {
    const { west } = await sealedByEast(
      [earlier('a'), earlier('b'), earlier('c')],
      (fact) => !fact.stream.includes('pay_a'),
    );
    west.views.accounts.get('us_a')?.facts.delete(keyOf(earlier('b')));
    const telemetry = await west.run();
    expect(telemetry.counts.get('ViewFactsMended')).toBeUndefined();
    expect(telemetry.lines).toContainEqual({
      level: 'warn',
      message: 'the view of an account is left to the scrubber',
      fields: { accountId: 'us_a', reason: 'its sums count 2 facts of 3' },
    });
    expect(await west.scrubbing.suspects()).toEqual(['us_a']);
    expect(await west.views.sums('us_a' as never)).toMatchObject({ paidMinor: 10n, factCount: 2 });
  });
});

describe('a true difference', () => {
  test('a sealed fact that the ledger does not hold is named, every minute until it does', async () => {
    const { shared, west } = await sealedByEast([earlier('a'), earlier('b')], (fact) => fact.stream.includes('pay_b'));
    shared.ledger.accounts.get('us_a')?.delete(keyOf(earlier('a')));
    for (let minute = 0; minute < 2; minute++) {
      const telemetry = await west.run();
      expect(telemetry.counts.get('SealDifferences')).toBe(1);
      expect(telemetry.lines).toContainEqual({
        level: 'error',
        message: 'a sealed fact is not in the ledger as it was sealed',
        fields: {
          seal: '03/1',
          region: 'us-east-1',
          accountId: 'us_a',
          factKey: keyOf(earlier('a')),
          reason: 'the ledger does not hold it',
        },
      });
    }
    await shared.ledger.append(earlier('a'));
    const mended = await west.run();
    expect([mended.counts.get('SealDifferences'), mended.counts.get('SealsVerified')]).toEqual([undefined, 1]);
  });

  test('a fact that is another one in this Region is named', async () => {
    const { shared, west } = await sealedByEast([earlier('a')], () => false);
    shared.ledger.accounts.get('us_a')?.delete(keyOf(earlier('a')));
    await shared.ledger.append(paid('us_a', 'a', 6n, NOON_MS - 1_000));
    expect((await west.run()).text).toContain('the ledger holds another fact in its place');
    expect(west.telemetry.counts.get('SealDifferences')).toBe(1);
  });

  test('a fact whose item is corrupt is named', async () => {
    const { shared, west } = await sealedByEast([earlier('a')], () => false);
    const items = shared.ledger.accounts.get('us_a');
    const item = items?.get(keyOf(earlier('a')));
    items?.set(keyOf(earlier('a')), { ...(item as NonNullable<typeof item>), body: '{}' });
    expect((await west.run()).text).toContain('the ledger’s item is corrupt: its checksum does not match its body');
  });

  test('a seal that was tampered with is named, and nothing is built on it', async () => {
    const { shared, west } = await sealedByEast([earlier('a')]);
    const chain = shared.seals.chains.get(BUCKET);
    chain?.set(1, { hash: chain.get(1)?.hash ?? '', body: '{}' });
    const telemetry = await west.run();
    expect(telemetry.counts.get('SealDifferences')).toBe(1);
    expect(telemetry.lines).toContainEqual({
      level: 'error',
      message: 'a seal is corrupt',
      fields: { seal: '03/1', reason: 'its checksum does not match its body' },
    });
    expect(chain?.size).toBe(1);
  });

  test.each([
    ['a missing seal', 'seal 1 is missing, the next one is 2', true],
    ['another history', 'it does not follow seal 1 as this Region verified it', false],
  ])('%s breaks the chain', async (_, reason, isMissing) => {
    const { shared, east, west } = await sealedByEast([earlier('a')]);
    if (!isMissing) await west.run();
    const chain = shared.seals.chains.get(BUCKET);
    const [first] = await shared.allSeals();
    const forged = { ...(first as NonNullable<typeof first>), sealedAtMs: 1 };
    if (isMissing) chain?.delete(1);
    chain?.set(2, encodeSeal({ ...forged, ordinal: 2, previous: headAfter(forged).hash }));
    const telemetry = await (isMissing ? west : east).run();
    expect(telemetry.counts.get('SealDifferences')).toBe(1);
    expect(telemetry.lines).toContainEqual({
      level: 'error',
      message: 'the chain of seals is broken',
      fields: { seal: '03/2', region: 'us-east-1', reason },
    });
  });
});

describe('a run', () => {
  const away = new LedgerUnavailable('not-attempted', 'cut off', 'unreachable');

  test('that reaches no ledger says so, and says nothing of ages: silence rings', async () => {
    const { shared, west } = await sealedByEast([earlier('a')]);
    const seals = { ...bound(shared.seals), after: async () => Promise.reject(away) };
    const telemetry = await west.run({ seals });
    expect(telemetry.durations.get('OldestUnverifiedSealMs')).toBeUndefined();
    expect(telemetry.lines.filter(({ message }) => message === 'chain of seals not worked on')).toHaveLength(
      SEAL_BUCKETS,
    );
    expect(telemetry.flushes).toBe(1);
  });

  test('that fails in one chain does the others, and fails for what nobody foresaw', async () => {
    const { shared, west } = await sealedByEast([earlier('a'), earlier('b', 900, 'us_b')]);
    const seals = bound(shared.seals);
    const after = async (bucket: number, ordinal: number, limit: number) => {
      if (bucket === BUCKET) throw new TypeError('nobody foresaw this');
      return shared.seals.after(bucket, ordinal, limit);
    };
    await expect(west.run({ seals: { ...seals, after } })).rejects.toThrow('nobody foresaw this');
    expect([...(await west.work.heads()).keys()]).toEqual([20]);
  });

  test('begins nothing after its time', async () => {
    const { shared, west } = await sealedByEast([earlier('a')]);
    const seals = bound(shared.seals);
    let reads = 0;
    const after = async (...page: Parameters<typeof shared.seals.after>) => {
      reads += 1;
      shared.clock.currentMs += 45_000;
      return shared.seals.after(...page);
    };
    const telemetry = await west.run({ seals: { ...seals, after } });
    // One a worker: the first of them used up the time of all.
    expect(reads).toBe(1);
    expect(telemetry.durations.get('OldestUnverifiedSealMs')).toBeUndefined();
  });
});

const marks = (atMs: number): [number, number][] => Array.from({ length: 32 }, (_, key) => [key, atMs]);

const bound = (log: ReturnType<typeof twoRegions>['shared']['seals']) => ({
  after: log.after.bind(log),
  read: log.read.bind(log),
  append: log.append.bind(log),
});
