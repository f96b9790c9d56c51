// The proof that the control room shows what it is for: a Region is killed from the keyboard, the traffic moves, nothing is lost.
// A pair of Regions of its own, the page as npm start serves it, in a real Chromium.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { Harness } from '../../drills/pair/harness.ts';
import { launchChromium, openPage, type WatchedPage } from './chromium.ts';

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
/** Interval, threshold, propagation and TTL, and a page that is told every second. */
const MOVES_WITHIN_MS = 60_000;
const COMES_BACK_WITHIN_MS = 120_000;
/** Pictures end below the ledger and the chart: what is in a README is loaded by everybody. */
const PICTURE_HEIGHT = 1_290;

let baseload: Harness;
let browser: Browser;
const opened: WatchedPage[] = [];

const open = async (options: BrowserContextOptions): Promise<Page> => {
  const watched = await openPage(browser, baseload.ready.control, options);
  opened.push(watched);
  await watched.page.getByText('● live, every second').waitFor();
  return watched.page;
};

const regionOf = (page: Page, region: string): Locator => page.locator(`[data-region="${region}"]`);
const counterOf = async (page: Page, name: string): Promise<number> =>
  Number((await page.locator(`[data-counter="${name}"] dd span`).textContent())?.replaceAll(',', ''));
/** With Tab from where the focus is, as somebody without a mouse. */
const tabTo = async (page: Page, name: string): Promise<void> => {
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await page.evaluate('document.activeElement?.textContent')) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no control "${name}" within 60 presses of Tab`);
};
/** docs/images, where the README looks for them. */
const picture = async (page: Page, name: string): Promise<void> => {
  if (process.env.WRITE_SCREENSHOTS === undefined) return;
  const clip = { x: 0, y: 0, width: page.viewportSize()?.width ?? 0, height: PICTURE_HEIGHT };
  await page.screenshot({ path: `docs/images/${name}.png`, fullPage: true, clip });
};

beforeAll(async () => {
  [baseload, browser] = await Promise.all([Harness.start(), launchChromium()]);
}, 90_000);

afterAll(async () => {
  await browser?.close();
  await baseload?.stop();
}, 30_000);

test('poison lies on its queue until it is taken back', async () => {
  const page = await open({ viewport: DESKTOP, colorScheme: 'light' });
  await page.getByRole('button', { name: 'Poison a queue' }).click();
  await page.getByText('1 poison message on settlements of').waitFor();
  const lying = async (): Promise<number> => {
    const { queues } = await baseload.state();
    const own = queues.filter(({ slug }) => slug === 'settlements');
    return own.reduce((sum, { visible, inFlight, delayed }) => sum + visible + inFlight + delayed, 0);
  };
  await baseload.waitFor('it alone is on the queue', async () => (await lying()) === 1);
  await page.getByRole('button', { name: 'Take poison back' }).click();
  await baseload.waitFor('the queue is empty', async () => (await lying()) === 0);
}, 90_000);

describe('a Region is killed from the page', () => {
  let light: Page;
  let dark: Page;
  let killed = '';
  let other = '';

  test('payers started by keyboard are answered by the Region that DNS leads to', async () => {
    light = await open({ viewport: DESKTOP, colorScheme: 'light' });
    dark = await open({ viewport: DESKTOP, colorScheme: 'dark' });
    await light.getByText('Both Regions serve. DNS leads payers to').waitFor();
    killed = (await baseload.state()).dns.answer ?? '';
    other = baseload.regionNames.find((name) => name !== killed) ?? '';
    expect(await light.getByText('Start the payers: every receipt').isVisible()).toBe(true);

    await tabTo(light, 'Start payers: 2 payments/s');
    await light.keyboard.press('Enter');
    await baseload.waitFor('ten payments accepted', async () => (await counterOf(light, 'Accepted')) >= 10, 60_000);
    expect(await light.locator('.flow-words').first().textContent()).toMatch(/^100 % · \d+\.\d\/s/);
    expect(await light.locator('.flow-words').last().textContent()).toBe('no requests');
  }, 120_000);

  test('killed by keyboard, its traffic moves to the other Region, and payments are accepted again', async () => {
    await tabTo(light, `Kill ${killed}`);
    await light.keyboard.press('Enter');
    await regionOf(light, killed).getByText('Killed').waitFor();
    // The same button is now the way back, and the focus has stayed on it.
    expect(await light.evaluate('document.activeElement.textContent')).toBe(`Start ${killed}`);
    await light
      .getByText(`${killed}: killed. DNS leads payers to ${other}: payments go on.`)
      .waitFor({ timeout: MOVES_WITHIN_MS });
    await baseload.waitFor(
      'all requests go to the other Region',
      async () => /^100 % · \d+\.\d\/s$/.test((await light.locator('.flow-words').last().textContent()) ?? ''),
      MOVES_WITHIN_MS,
    );
    const acceptedBefore = await counterOf(light, 'Accepted');
    await baseload.waitFor(
      'ten more payments accepted',
      async () => (await counterOf(light, 'Accepted')) >= acceptedBefore + 10,
      60_000,
    );
    expect(await light.locator('#log').textContent()).toContain(`DNS answer: ${killed} → ${other}`);
    expect(await light.locator('#quorum').textContent()).toContain('2 of 3 members agree on each payment');
    await picture(dark, 'control-room-killed');
    await picture(await open({ viewport: PHONE, colorScheme: 'light' }), 'control-room-phone');
  }, 240_000);

  test('healed by its button, both Regions serve again', async () => {
    await light.getByRole('button', { name: 'Heal everything' }).click();
    await light.getByText('Both Regions serve. DNS leads payers to').waitFor({ timeout: COMES_BACK_WITHIN_MS });
    expect((await baseload.state()).regions[killed]).toMatchObject({ process: 'up', health: 'healthy' });
    expect(await light.locator('#answer').textContent()).toBe('');
    await baseload.waitFor(
      'its requests come back to it',
      async () => /^100 % · \d+\.\d\/s$/.test((await light.locator('.flow-words').first().textContent()) ?? ''),
      MOVES_WITHIN_MS,
    );
    await picture(light, 'control-room');
  }, 150_000);

  test('every receipt is looked up in the ledger: none lost, none doubled', async () => {
    await light.getByRole('button', { name: 'Stop payers' }).click();
    const checked = async (): Promise<boolean> => {
      const [, looked, receipts] =
        /^([\d,]+) of ([\d,]+) receipts/.exec((await light.locator('#audit').textContent()) ?? '') ?? [];
      return looked !== undefined && looked === receipts && looked === String(await counterOf(light, 'Accepted'));
    };
    await baseload.waitFor('each receipt looked up', checked, 60_000);
    expect(await counterOf(light, 'Accepted')).toBeGreaterThan(20);
    expect([await counterOf(light, 'Lost'), await counterOf(light, 'Doubled')]).toEqual([0, 0]);
  }, 90_000);
});

test('a bit flipped in the ledger is counted as damaged, and put right by a scrubber whom nobody told', async () => {
  const page = await open({ viewport: DESKTOP, colorScheme: 'light' });
  await page.getByRole('button', { name: 'Flip a bit in the ledger' }).click();
  await baseload.waitFor('the damage is seen', async () => (await counterOf(page, 'Damaged now')) === 1, 30_000);
  await page.getByText(/in the ledger was put right by a scrubber after/).waitFor({ timeout: 120_000 });
  await baseload.waitFor('no damage is left', async () => (await counterOf(page, 'Damaged now')) === 0, 30_000);
  expect(await counterOf(page, 'Lost')).toBe(0);
}, 200_000);

test('a flood is refused while it lasts, and can be stopped', async () => {
  const page = await open({ viewport: DESKTOP, colorScheme: 'light' });
  const flood = page.getByRole('button', { name: 'Flood with payments' });
  await flood.click();
  await page.getByText(/^Over\. 200 payments sent: \d+ accepted, [1-9]\d* refused/).waitFor({ timeout: 60_000 });
  await flood.click();
  await page.getByRole('button', { name: 'Stop the flood' }).click();
  const [, sent] = /^Over\. (\d+) payments? sent/.exec((await page.getByText(/^Over\. /).textContent()) ?? '') ?? [];
  expect(Number(sent)).toBeLessThan(200);
}, 100_000);

test('on a phone nothing is wider than the screen, light and dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await open({ viewport: PHONE, colorScheme });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
  }
}, 60_000);

test('nothing moves for somebody who asked for that', async () => {
  const movement = "getComputedStyle(document.querySelector('.beads')).animationName";
  const moving = await open({ viewport: DESKTOP, colorScheme: 'light' });
  await moving.locator('.beads').first().waitFor({ state: 'attached' });
  expect(await moving.evaluate(movement)).toBe('beads');
  const still = await open({ viewport: DESKTOP, colorScheme: 'light', reducedMotion: 'reduce' });
  await still.locator('.beads').first().waitFor({ state: 'attached' });
  expect(await still.evaluate(movement)).toBe('none');
}, 30_000);

test('nothing was asked of anybody else, and nothing was complained of', () => {
  expect(opened.length).toBeGreaterThan(2);
  expect(opened.flatMap(({ strays }) => strays)).toEqual([]);
  expect(opened.flatMap(({ complaints }) => complaints)).toEqual([]);
});
