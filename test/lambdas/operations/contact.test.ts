import { expect, test } from '@jest/globals';
import type { AccountId } from '../../../lambdas/domain/ids.ts';
import { calls, memoryStores, testRegion } from '../harness/region.ts';

const contact = (body: object, accountId = 'us_a') => ({
  routeKey: 'PUT /v1/accounts/{accountId}/contact',
  path: { accountId },
  body,
});

const begin = async () => {
  const stores = memoryStores();
  const region = testRegion(stores);
  await region.call(calls.open());
  const held = async () => (await stores.profiles.get('us_a' as AccountId))?.email;
  return { stores, region, held };
};

test('an address is put, corrected and erased; no fact and no log holds it', async () => {
  const { stores, region, held } = await begin();
  expect(await region.call(contact({ email: 'ada@example.com' }))).toMatchObject({
    status: 200,
    body: { accountId: 'us_a', email: 'ada@example.com' },
  });
  expect(await held()).toBe('ada@example.com');
  const { facts } = await stores.ledger.scan({ limit: 10 });
  expect(facts).toHaveLength(1);
  expect(region.telemetry.text).not.toContain('ada@example.com');
  expect(await region.call(contact({ email: null }))).toMatchObject({ status: 200, body: { email: null } });
  expect(await held()).toBeUndefined();
});

test.each([
  [{ email: 'ada' }, 'email'],
  [{ email: '' }, 'email'],
  [{ email: 'ada@example.com\nBcc: x@example.com' }, 'email'],
  [{ email: `${'a'.repeat(250)}@example.com` }, 'email'],
  [{}, 'email'],
  [{ email: null, phone: '1' }, 'phone'],
])('%j is refused, naming the field', async (body, field) => {
  const { region, held } = await begin();
  const answer = await region.call(contact(body));
  expect(answer).toMatchObject({ status: 400, body: { type: 'invalid-request', errors: [{ field }] } });
  expect(await held()).toBeUndefined();
});

test('nobody’s account has no contact, and opening one takes none', async () => {
  const { region } = await begin();
  expect(await region.call(contact({ email: null }, 'us_b'))).toMatchObject({
    status: 404,
    body: { type: 'account-not-found' },
  });
  expect(await region.call(calls.open('us_c', { email: 'ada@example.com' }))).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'email' }] },
  });
});
