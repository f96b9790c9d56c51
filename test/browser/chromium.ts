// Owns the browser of the tests: an installed Chromium, found where systems put it, and what a page of it must never do.
// Leaves to the tests what they do there.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Names it where it is elsewhere. */
const VARIABLE = 'BASELOAD_CHROMIUM';
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const ON_MACOS = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

const candidates = (env: NodeJS.ProcessEnv): readonly string[] => {
  const named = env[VARIABLE];
  if (named !== undefined) return [named];
  const dirs = (env.PATH ?? '').split(delimiter).filter((dir) => dir !== '');
  return [...NAMES.flatMap((name) => dirs.map((dir) => join(dir, name))), ON_MACOS];
};

/** @throws Error when there is none */
export const launchChromium = (): Promise<Browser> => {
  const executablePath = candidates(process.env).find((path) => existsSync(path));
  if (executablePath === undefined)
    throw new Error(`no Chromium found: install it (apt-get install chromium), or name it with ${VARIABLE}=FILE`);
  // Root has no sandbox to start one in; whoever is somebody else keeps it.
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: isRoot ? ['--no-sandbox'] : [] });
};

export interface WatchedPage {
  readonly page: Page;
  /** Requests to another origin than the page's. */
  readonly strays: readonly string[];
  /** What the console or an exception has said. */
  readonly complaints: readonly string[];
}

/** A page of its own context that remembers what it must not have done. */
export const openPage = async (
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const strays: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) strays.push(url);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${origin}/`);
  return { page, strays, complaints };
};
