// The proof that a payer with an address gets one receipt, under the id of the fact, and one whose address was erased none.
import { expect, test } from '@jest/globals';
import type { SentMail } from '../../local/ses/outbox.ts';
import { sharedRun } from './shared-run.ts';

const baseload = sharedRun();

test('a payment that is settled is receipted by mail once; after the address is erased nobody is written to', async () => {
  const run = crypto.randomUUID().slice(0, 8);
  const [told, silent] = [`us_mail-${run}`, `us_nomail-${run}`];
  const token = await baseload.token({ scope: 'billing:operate billing:pay billing:read', accounts: [told, silent] });
  const must = async (status: number, method: string, path: string, body: object, idempotencyKey?: string) => {
    const answer = await baseload.api(method, path, {
      token,
      body,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
    expect([path, answer.status, answer.body]).toEqual([path, status, expect.anything()]);
    return answer.body;
  };
  const outbox = async (address: string): Promise<readonly SentMail[]> => {
    const { mails } = (await baseload.control('GET', '/api/outbox')).body as { readonly mails: readonly SentMail[] };
    return mails.filter(({ to }) => to.includes(address));
  };
  for (const accountId of [told, silent]) {
    await must(201, 'POST', '/v1/accounts', { accountId, name: 'P', currency: 'USD', timeZone: 'America/New_York' });
    await must(200, 'PUT', `/v1/accounts/${accountId}/contact`, { email: `${accountId}@example.com` });
  }
  await must(200, 'PUT', `/v1/accounts/${silent}/contact`, { email: null });
  const pay = (accountId: string) =>
    must(
      201,
      'POST',
      `/v1/accounts/${accountId}/payments`,
      { amountMinor: 4_250, currency: 'USD', method: 'card_on_file' },
      `mail-${run}`,
    );
  // The silent one first: its notices are ahead of the other's on the queue.
  const quiet = await pay(silent);
  const { paymentId } = await pay(told);

  const address = `${told}@example.com`;
  const isReceipt = ({ subject }: SentMail) => subject === 'Receipt for your payment';
  const { value: receipts } = await baseload.waitFor('a receipt in the outbox', async () => {
    const found = (await outbox(address)).filter(isReceipt);
    return found.length > 0 && found;
  });
  expect(receipts).toMatchObject([
    {
      from: 'billing@us.example.com',
      to: [address],
      text: expect.stringContaining(`Amount: USD 42.50\n`),
      html: expect.stringContaining(`<dd>${paymentId}</dd>`),
    },
  ]);
  const [accountId, factKey] = Buffer.from(receipts[0]?.headers['Baseload-Notice-Id'] ?? '', 'base64url')
    .toString()
    .split('|')
    .slice(1);
  expect([accountId, factKey]).toEqual([told, expect.stringMatching(/^p#pay_[a-z2-7]{52}#\d{3}$/)]);

  await baseload.waitFor('the silent payment settled', async () => {
    const path = `/v1/accounts/${silent}/payments/${quiet.paymentId}`;
    return (await baseload.api('GET', path, { token })).body.status === 'settled';
  });
  expect(await outbox(`${silent}@example.com`)).toEqual([]);
}, 60_000);
