import { beforeEach, describe, expect, test } from '@jest/globals';
import { LedgerUnavailable } from '../../../lambdas/ports/event-log.ts';
import { ViewUnavailable } from '../../../lambdas/ports/view-store.ts';
import { calls, memoryStores, type TestRegion, testRegion } from '../harness/region.ts';

let stores: ReturnType<typeof memoryStores>;
let region: TestRegion;

/** A bill of 1000 and a payment of 300 are in the view; whatever a test writes after that is not. */
beforeEach(async () => {
  stores = memoryStores();
  region = testRegion(stores);
  await region.call(calls.open());
  await region.call(calls.bill('b', '2026-09', 1_000));
  await region.call(calls.pay('p', 300));
  await region.project();
  region.clock.currentMs += 1_000;
});

const look = (below: string, after?: readonly string[], path: Record<string, string> = {}) =>
  region.call(calls.look(below, { path, ...(after && { headers: { 'baseload-after': after.join(', ') } }) }));

const counted = () => {
  const reads: string[] = [];
  const ledger = {
    append: stores.ledger.append.bind(stores.ledger),
    readFact: stores.ledger.readFact.bind(stores.ledger),
    scan: stores.ledger.scan.bind(stores.ledger),
    readStream: async (...args: Parameters<typeof stores.ledger.readStream>) => {
      reads.push(`stream ${args[1].slice(0, 5)}`);
      return stores.ledger.readStream(...args);
    },
    readAccount: async (...args: Parameters<typeof stores.ledger.readAccount>) => {
      reads.push('account');
      return stores.ledger.readAccount(...args);
    },
  };
  region = testRegion({ ...stores, ledger }, 'us-east-1', region.clock);
  return reads;
};

describe('Baseload-After: the facts asked for are in every answer exactly once', () => {
  test('a payment that the view lacks', async () => {
    const paid = (await region.call(calls.pay('new', 200))).body;
    const after = [paid.position];
    expect((await look('')).body.balanceMinor).toBe(700);
    expect((await look('', after)).body).toMatchObject({ balanceMinor: 500, dueMinor: 500, pendingMinor: 500 });
    expect((await look('/balance', after)).body.balanceMinor).toBe(500);
    const statement = (await look('/statement', after)).body.lines;
    expect(statement.map(({ balanceMinor }: { balanceMinor: number }) => balanceMinor)).toEqual([1_000, 700, 500]);
    expect(statement.at(-1).position).toBe(paid.position);
    expect((await look('/payments/{paymentId}', after, { paymentId: paid.paymentId })).body.amountMinor).toBe(200);
  });

  test('the same once the view has it, and then the ledger is not asked', async () => {
    const paid = (await region.call(calls.pay('new', 200))).body;
    await region.project();
    const reads = counted();
    expect((await look('', [paid.position, paid.position])).body.balanceMinor).toBe(500);
    expect((await look('/statement', [paid.position])).body.lines).toHaveLength(3);
    expect(reads).toEqual([]);
  });

  test('the stream of a missing fact comes along, the whole account does not', async () => {
    const paid = (await region.call(calls.pay('new', 200))).body;
    const refund = (await region.call(calls.refund('r', paid.paymentId, 50))).body;
    await region.call(calls.pay('not asked for', 1));
    const reads = counted();
    expect((await look('', [refund.position, paid.position])).body.balanceMinor).toBe(550);
    expect(reads).toEqual(['stream p#pay']);
  });

  test('a refund of a payment that the view has', async () => {
    const paid = (await region.call(calls.pay('p', 300))).body;
    const refund = (await region.call(calls.refund('r', paid.paymentId, 100))).body;
    expect((await look('', [refund.position])).body.balanceMinor).toBe(800);
    expect((await look('/statement', [refund.position])).body.lines).toHaveLength(3);
  });

  test('bills: the document, its status, the list and the due date', async () => {
    const older = (await region.call(calls.bill('older', '2026-08', 250))).body;
    const newer = (await region.call(calls.bill('newer', '2026-10', 400))).body;
    const after = [older.position, newer.position];
    const list = (await look('/bills', after)).body.bills;
    expect(list.map(({ billId, status }: { billId: string; status: string }) => `${billId} ${status}`)).toEqual([
      'bill_2026-10_r1 open',
      'bill_2026-09_r1 open',
      'bill_2026-08_r1 paid',
    ]);
    expect((await look('', after)).body).toMatchObject({ balanceMinor: 1_350, nextDueDate: '2026-09-28' });
    expect((await look('/bills/{billId}', after, { billId: 'bill_2026-08_r1' })).body).toEqual({
      ...older,
      status: 'paid',
    });
  });

  test('an account that the view has never heard of', async () => {
    const opened = await region.call(calls.open('us_new'));
    const adjusted = (await region.call(calls.adjust('x', 75, 'us_new'))).body;
    const headers = { 'baseload-after': `${opened.headers['Baseload-Position']},${adjusted.position}` };
    expect((await region.call(calls.look('', { headers }, 'us_new'))).body.balanceMinor).toBe(75);
  });

  test('a fact that comes into the view in the middle of a lookup counts once', async () => {
    const paid = (await region.call(calls.pay('new', 200))).body;
    // The view applies the payment right after the lookup has seen that it is missing.
    const stream = stores.views.stream.bind(stores.views);
    stores.views.stream = async (...args) => {
      const facts = await stream(...args);
      await region.project();
      return facts;
    };
    expect((await look('', [paid.position])).body.balanceMinor).toBe(500);
  });
});

describe('Baseload-After is refused', () => {
  const position = (text: string) => Buffer.from(text).toString('base64url');
  test.each([
    ['malformed', 'abc', 'must hold positions as answers gave them'],
    ['empty', '', 'must hold positions as answers gave them'],
    ['a heartbeat', position('1|us_a|hb#us-east-1#00#000'), 'must hold positions as answers gave them'],
    ['another account’s', position('1|us_b|a#000'), 'names a fact of another account'],
    ['of no fact', position(`1|us_a|x#adj_${'a'.repeat(52)}#000`), 'names a fact that does not exist'],
    ['nine', Array<string>(9).fill(position('1|us_a|a#000')).join(), 'must name at most 8 positions'],
  ])('%s', async (_, sent, message) => {
    const answer = await look('', [sent]);
    expect([answer.status, answer.body.errors]).toEqual([400, [{ field: 'Baseload-After', message }]]);
  });
});

describe('an isolated Region', () => {
  const cutOff = async (): Promise<never> => {
    throw new LedgerUnavailable('not-attempted', 'no quorum', 'refused');
  };

  test('goes on answering from its view, and says not-yet-visible for what is not in it', async () => {
    const paid = (await region.call(calls.pay('new', 200))).body;
    const ledger = { ...stores.ledger, readFact: cutOff, readStream: cutOff, readAccount: cutOff };
    region = testRegion({ ...stores, ledger: ledger as never }, 'us-east-1', region.clock);
    expect((await look('')).body.balanceMinor).toBe(700);
    const answer = await look('', [paid.position]);
    expect([answer.status, answer.body.type, answer.headers['Retry-After']]).toEqual([503, 'not-yet-visible', '1']);
  });
});

describe('a failing view', () => {
  const broken = async (): Promise<never> => {
    throw new ViewUnavailable('no answer within 5000 ms');
  };
  const breakView = () => {
    let asked = 0;
    const views = new Proxy(stores.views, {
      get: () => () => {
        asked += 1;
        return broken();
      },
    });
    region = testRegion({ ...stores, views }, 'us-east-1', region.clock);
    return () => asked;
  };

  test('the ledger answers instead, the same and with nothing stale', async () => {
    const before = await Promise.all([look(''), look('/statement'), look('/bills'), look('/balance')]);
    breakView();
    const after = [await look(''), await look('/statement'), await look('/bills'), await look('/balance')];
    expect(after.map(({ body }) => body)).toEqual(before.map(({ body }) => body));
    expect(after[0]?.headers['Baseload-Staleness-Ms']).toBe('0');
    expect(region.telemetry.counts.get('ViewFallbacks')).toBe(4);
  });

  test('after three failures in a row the view is left alone for a while', async () => {
    const asked = breakView();
    for (let lookups = 0; lookups < 6; lookups++) expect((await look('')).status).toBe(200);
    expect(asked()).toBe(3);
  });

  test('payments do not need it', async () => {
    breakView();
    expect((await region.call(calls.pay('new', 200))).status).toBe(201);
  });

  test('no view and no ledger: 503, and 404 is not said of an account nobody could look for', async () => {
    const cutOff = async (): Promise<never> => {
      throw new LedgerUnavailable('not-attempted', 'no quorum', 'refused');
    };
    const views = new Proxy(stores.views, { get: () => broken });
    region = testRegion(
      { ...stores, views, ledger: { ...stores.ledger, readFact: cutOff, readAccount: cutOff } as never },
      'us-east-1',
      region.clock,
    );
    const answer = await look('');
    expect([answer.status, answer.body.type]).toEqual([503, 'not-yet-visible']);
  });

  test('a tampered copy is named, counted and never served: the ledger answers', async () => {
    const row = stores.views.accounts.get('us_a')!.facts.get('b#2026-09#000')!;
    stores.views.accounts.get('us_a')!.facts.set(row.sk, { ...row, body: row.body.replace('1000', '9000') });
    const answer = await look('/bills');
    expect(answer.body.bills[0].totalMinor).toBe(1_000);
    expect(region.telemetry.counts.get('CorruptFact')).toBe(1);
    expect(region.telemetry.lines).toContainEqual({
      level: 'error',
      message: 'corrupt fact in the view',
      fields: { accountId: 'us_a', factKey: 'b#2026-09#000', reason: 'its checksum does not match its body' },
    });
  });
});
