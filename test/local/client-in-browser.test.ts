// The proof that the client's bundle works in a browser: Chromium, a page of an origin that the config allows, real preflights, two Regions.
// Leaves to client.test.ts what a lost Region costs. It needs an installed Chromium, and is skipped where there is none.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import type * as Client from '../../client/src/index.ts';
import { openAccounts } from '../../drills/auditor/auditor.ts';
import { buildClient } from '../../scripts/client-package.ts';
import { sharedRun } from './shared-run.ts';

const CHROMIUM = process.env['BASELOAD_CHROMIUM'] ?? '/usr/bin/chromium';
/** `corsOrigins` of baseload.config.json. */
const PORTAL = 'https://portal.example.com';
const ACCOUNT = 'us_client-in-browser';
/** Of another payer: what is paid on the first may come into the other Region's view at any time. */
const OTHER_ACCOUNT = 'us_client-in-browser-2';

const baseload = sharedRun();
const [EAST = '', WEST = ''] = baseload.regionNames.map((region) => baseload.ready.regions[region]);

/** Where nobody listens. */
const deadUrl = async (): Promise<string> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return `http://127.0.0.1:${port}`;
};

/** The portal's page, with the bundle as its script. Nothing is intercepted afterwards: preflights are Chromium's own. */
const openPortal = async (browser: Browser, bundle: string): Promise<Page> => {
  const page = await browser.newPage();
  await page.route(`${PORTAL}/**`, (route) =>
    route.request().url().endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', body: bundle })
      : route.fulfill({
          contentType: 'text/html',
          body: '<script type="module">window.client=await import("/client.js")</script>',
        }),
  );
  await page.goto(PORTAL);
  await page.waitForFunction(() => 'client' in globalThis);
  await page.unrouteAll();
  return page;
};

/** What the page has. */
type Portal = typeof globalThis & { readonly client: typeof Client };

(existsSync(CHROMIUM) ? describe : describe.skip)('in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let token = '';
  const outDir = mkdtempSync(join(tmpdir(), 'baseload-client-'));

  beforeAll(async () => {
    await openAccounts(baseload, [ACCOUNT, OTHER_ACCOUNT]);
    token = await baseload.token({ accounts: [ACCOUNT, OTHER_ACCOUNT], scope: 'billing:pay billing:read' });
    buildClient(outDir);
    // A public page that asks this machine would make Chromium ask a person; Baseload's hostnames are public.
    const args = ['--no-sandbox', '--disable-features=LocalNetworkAccessChecks'];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
    page = await openPortal(browser, readFileSync(join(outDir, 'index.js'), 'utf8'));
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    rmSync(outDir, { recursive: true, force: true });
  });

  test('pays, is told of the replay, sees the payment in the other Region, and reads a refusal', async () => {
    const seen = await page.evaluate(
      async ({ regions, token, account }) => {
        const { BillingClient } = (globalThis as Portal).client;
        const east = new BillingClient({ regions, token });
        const payment = { amountMinor: 1_200, currency: 'USD', method: 'card' };
        const key = { idempotencyKey: 'from-a-browser' };
        const first = await east.pay(account, payment, key);
        const again = await east.pay(account, payment, key);
        const other = { ...payment, amountMinor: 1_300 };
        const refusal = await east
          .pay(account, other, key)
          .catch((error: Client.Refused) => [error.status, error.type]);
        const west = new BillingClient({ regions: regions.toReversed(), token });
        const { status } = await west.payment(account, first.paymentId);
        return {
          replays: [first.replayed, again.replayed],
          isSame: first.paymentId === again.paymentId,
          status,
          refusal,
        };
      },
      { regions: [EAST, WEST], token, account: ACCOUNT },
    );
    expect(seen).toEqual({
      replays: [false, true],
      isSame: true,
      status: expect.stringMatching(/^(accepted|settled)$/),
      refusal: [422, 'idempotency-key-reuse'],
    });
  }, 30_000);

  test('a Region that is gone: the other one takes the payment and shows it', async () => {
    const seen = await page.evaluate(
      async ({ regions, token, account }) => {
        const client = new (globalThis as Portal).client.BillingClient({ regions, token });
        const before = await client.account(account);
        const { amountMinor } = await client.pay(account, { amountMinor: 700, currency: 'USD', method: 'card' });
        const after = await client.account(account);
        return { amountMinor, paid: before.balanceMinor - after.balanceMinor };
      },
      { regions: [await deadUrl(), WEST], token, account: OTHER_ACCOUNT },
    );
    expect(seen).toEqual({ amountMinor: 700, paid: 700 });
  }, 30_000);
});
