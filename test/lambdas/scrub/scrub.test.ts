// Owns the proof of what the scrubber does by itself: it comes by every account, repairs what this Region's copies prove, and says what not.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { MemoryScrubbing } from '../../../lambdas/adapters/memory/scrubbing.ts';
import type { Fact } from '../../../lambdas/domain/facts.ts';
import { keyOf } from '../../../lambdas/domain/keys.ts';
import { LedgerUnavailable } from '../../../lambdas/ports/event-log.ts';
import { createScrubHandler } from '../../../lambdas/scrub/create-scrub-handler.ts';
import { account, billed, opened, paid } from '../../contract/facts.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';
import { NOON_MS } from '../harness/region.ts';
import { CopiesInMemory, HARM } from './damage.ts';

const ACCOUNTS = Array.from({ length: 250 }, (_, index) => `us_${String(index).padStart(3, '0')}`);
const FACTS: readonly Fact[] = ACCOUNTS.flatMap((id) => [opened(id), paid(id, 'b', 5n), billed(id, '2026-10', 9n)]);
const [FIRST = '', LAST = ''] = [ACCOUNTS[0], ACCOUNTS.at(-1)];
const PAID = keyOf(paid('us_000', 'b'));

let copies: CopiesInMemory;
let scrubbing: MemoryScrubbing;
let telemetry: RecordingTelemetry;

beforeEach(async () => {
  copies = await CopiesInMemory.holding(FACTS);
  scrubbing = new MemoryScrubbing();
  telemetry = new RecordingTelemetry();
});

const scrub = (sources = copies.sources('us-east-1')) =>
  createScrubHandler({
    sources,
    ledger: copies.ledger,
    region: 'us-east-1',
    scrubbing,
    clock: new ManualClock(NOON_MS),
    telemetry,
  })();
const flip = (store: 'ledger' | 'us-east-1', id: string) =>
  HARM['a flipped bit in the body']?.(copies.items(store, id), PAID);

describe('the walk', () => {
  test('comes by every account within so many calls as their items need, and begins anew', async () => {
    for (let again = 0; again < 2; again++) {
      flip('ledger', LAST);
      await scrub();
      expect(telemetry.counts.get('FactsRepaired')).toBeUndefined();
      await scrub();
      // The item, and the view's copy of the record that it was repaired, which no stream brings here.
      expect(telemetry.counts.get('FactsRepaired')).toBeGreaterThan(0);
      telemetry.counts.clear();
    }
    expect(telemetry.counts.get('CorruptFact')).toBeUndefined();
  });

  test('says after each run how much it has gone over, of empty tables too', async () => {
    await scrub();
    // 200 items of each walk: a page of 100 is gone over whole.
    expect(telemetry.counts.get('ItemsScrubbed')).toBe(400);
    copies = await CopiesInMemory.holding([]);
    telemetry.counts.clear();
    await scrub();
    expect(telemetry.counts.get('ItemsScrubbed')).toBe(0);
  });

  test('says nothing of a run that did not come to its end', async () => {
    await expect(
      scrub({
        ...copies.sources('us-east-1'),
        ledger: {
          region: 'us-east-1',
          items: {
            ...copies.sources('us-east-1').ledger.items,
            accounts: async () => {
              throw new LedgerUnavailable('not-attempted', 'no quorum', 'refused');
            },
          },
        },
      } as unknown as ReturnType<typeof copies.sources>),
    ).resolves.toBeUndefined();
    expect(telemetry.counts.has('ItemsScrubbed')).toBe(false);
  });

  test('finds an account that the ledger has lost altogether', async () => {
    copies.ledger.accounts.delete(LAST);
    await scrub();
    await scrub();
    expect([...copies.items('ledger', LAST).keys()].filter((key) => !key.startsWith('r#')).sort()).toEqual(
      ['a#000', 'b#2026-10#000', PAID].sort(),
    );
  });

  test('finds an account that the view has lost altogether', async () => {
    const before = JSON.stringify([...copies.items('us-east-1', FIRST)]);
    copies.views['us-east-1'].accounts.delete(FIRST);
    await scrub();
    const key = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);
    const rows = [...copies.items('us-east-1', FIRST)].sort(key);
    expect(rows).toEqual((JSON.parse(before) as [string, unknown][]).sort(key));
    expect(await copies.views['us-east-1'].sums(account(FIRST))).toMatchObject({ billedMinor: 9n, paidMinor: 5n });
  });
});

describe('a suspect', () => {
  test('is looked at in the next call, wherever the walk is, repaired, and cleared', async () => {
    flip('ledger', LAST);
    await scrubbing.suspect(account(LAST));
    await scrub();
    expect(telemetry.lines.find(({ message }) => message === 'repaired')).toEqual({
      level: 'warn',
      message: 'repaired',
      fields: { accountId: LAST, factKey: PAID, reason: 'ledger, from the copy of us-east-1' },
    });
    expect(await scrubbing.suspects()).toEqual([]);
  });

  test('of which no copy here is intact stays one, told in every call, until the peer has repaired it', async () => {
    const intact = copies.items('ledger', FIRST).get(PAID);
    flip('ledger', FIRST);
    flip('us-east-1', FIRST);
    await scrub();
    await scrub();
    expect(telemetry.counts.get('CorruptFact')).toBeGreaterThanOrEqual(4);
    expect(telemetry.lines.find(({ level }) => level === 'error')).toEqual({
      level: 'error',
      message: 'damage that no copy here repairs',
      fields: {
        accountId: FIRST,
        factKey: PAID,
        region: 'us-east-1',
        reason: 'ledger: its checksum does not match its body',
      },
    });
    expect(await scrubbing.suspects()).toEqual([FIRST]);
    copies.items('ledger', FIRST).set(PAID, intact as NonNullable<typeof intact>);
    telemetry.counts.clear();
    await scrub();
    expect([telemetry.counts.get('FactsRepaired'), telemetry.counts.get('CorruptFact')]).toEqual([1, undefined]);
    expect(await scrubbing.suspects()).toEqual([]);
  });
});

test('a Region that cannot read the ledger strongly finds nothing and changes nothing', async () => {
  copies.ledger.accounts.delete(FIRST);
  const before = copies.dump('ledger');
  const sources = copies.sources('us-east-1');
  const { items } = sources.ledger;
  const cutOff = new LedgerUnavailable('not-attempted', 'no quorum', 'refused');
  const account = items.account.bind(items);
  items.account = (id, look) => (look === 'strong' ? Promise.reject(cutOff) : account(id, look));
  await scrubbing.suspect(FIRST as never);
  await scrub(sources);
  expect(copies.dump('ledger')).toBe(before);
  expect([...telemetry.counts.keys()]).toEqual([]);
  expect(telemetry.lines.map(({ message }) => message)).toEqual(['not scrubbed']);
});
