// The proof of D1, D5 and D7: a Region cut off from the quorum refuses money, says so, goes on reading, and heals.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openAccounts } from '../../drills/auditor/auditor.ts';
import { settled } from '../../drills/pair/settled.ts';
import { sharedRun } from './shared-run.ts';

const baseload = sharedRun();
const [EAST = '', WEST = ''] = baseload.regionNames;
const ACCOUNT = 'us_cut-off';
const PAYMENTS = `/v1/accounts/${ACCOUNT}/payments`;

describe('a Region is isolated', () => {
  let token = '';
  let duringCut = '';
  const pay = (region: string, idempotencyKey: string) =>
    baseload.region(region, 'POST', PAYMENTS, {
      token,
      idempotencyKey,
      body: { amountMinor: 500, currency: 'USD', method: 'card' },
    });
  const account = (region: string, headers: Record<string, string> = {}) =>
    baseload.region(region, 'GET', `/v1/accounts/${ACCOUNT}`, { token, headers });

  beforeAll(async () => {
    await settled(baseload);
    await openAccounts(baseload, [ACCOUNT]);
    token = await baseload.token({ accounts: [ACCOUNT], scope: 'billing:pay billing:read' });
    const before = await pay(EAST, 'before-the-cut');
    expect(before.status).toBe(201);
    await baseload.waitFor(
      'both views show the payment',
      async () => (await account(EAST)).body.balanceMinor === -500 && (await account(WEST)).body.balanceMinor === -500,
    );
    await baseload.tell(EAST, 'isolate');
  }, 150_000);

  afterAll(() => settled(baseload), 120_000);

  test('it refuses payments with 503, safe to retry with the same key', async () => {
    const refused = await pay(EAST, 'during-the-cut');
    expect(refused.status).toBe(503);
    expect(['not-attempted', 'outcome-unknown']).toContain(refused.body.type);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  }, 30_000);

  test('its /health turns, and traffic moves to the other Region', async () => {
    await baseload.waitFor(
      'its /health answers 503',
      async () => (await baseload.region(EAST, 'GET', '/health')).status === 503,
      20_000,
    );
    await baseload.waitFor(
      'DNS answers with the other Region',
      async () => (await baseload.state()).dns.answer === WEST,
      60_000,
    );
    const { value } = await baseload.waitFor(
      'the front door follows',
      async () => {
        const answer = await baseload.api('POST', PAYMENTS, {
          token,
          idempotencyKey: 'during-the-cut',
          body: { amountMinor: 500, currency: 'USD', method: 'card' },
        });
        return answer.status === 201 && answer;
      },
      20_000,
    );
    expect(value.headers.get('baseload-region')).toBe(WEST);
    duringCut = value.body.position;
  }, 120_000);

  test('its reads go on, each saying how stale it is, and none shows what came after the cut', async () => {
    const first = await account(EAST);
    expect(first.status).toBe(200);
    expect(first.body.balanceMinor).toBe(-500);
    const firstStalenessMs = Number(first.headers.get('baseload-staleness-ms'));
    const { value } = await baseload.waitFor('staleness grows', async () => {
      const later = await account(EAST);
      return Number(later.headers.get('baseload-staleness-ms')) >= firstStalenessMs + 2_000 && later;
    });
    expect(value.body.balanceMinor).toBe(-500);
    expect((await account(WEST, { 'baseload-after': duringCut })).body.balanceMinor).toBe(-1_000);
  }, 60_000);

  test('asked for a fact it cannot see, it says not-yet-visible', async () => {
    const answer = await account(EAST, { 'baseload-after': duringCut });
    expect([answer.status, answer.body.type]).toEqual([503, 'not-yet-visible']);
  }, 30_000);

  test('rejoined, it catches up first and then serves: the same balance, and payments again', async () => {
    await baseload.tell(EAST, 'rejoin');
    await baseload.waitFor(
      'its view shows what it missed',
      async () => (await account(EAST)).body.balanceMinor === -1_000,
      60_000,
    );
    await baseload.waitFor(
      'it is healthy',
      async () => (await baseload.state()).regions[EAST]?.health === 'healthy',
      60_000,
    );
    const replayed = await pay(EAST, 'during-the-cut');
    expect([replayed.status, replayed.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
    expect((await pay(EAST, 'after-the-cut')).status).toBe(201);
  }, 150_000);
});
