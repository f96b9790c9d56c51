// Owns the homes of the demo that are billed from meter files: account, tariff, meter and file, all through the API.
// Leaves to the API everything that is computed. Sent again it changes nothing.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type DemoApi, demoRequest } from './demo-request.ts';

export interface MeteredHome {
  readonly accountId: string;
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  /** Named after its file under fixtures/tariffs. */
  readonly tariffId: string;
  readonly meterId: string;
  readonly file: string;
  /** A meter is billed to one account: with a name of its own here, the published one stays free for whoever sends the file. */
  readonly renamed: { readonly from: string; readonly to: string };
  readonly contentType: 'text/csv' | 'application/xml';
  /** The first day the meter has the tariff. */
  readonly from: string;
  /** A month that the screen shows. */
  readonly period: string;
}

/** `us_queensland-home` and `us_green-button-home` in jurisdiction `us`. An account may have any currency and time zone. */
export const meteredHomes = (jurisdiction: string): readonly [MeteredHome, MeteredHome] => [
  {
    accountId: `${jurisdiction}_queensland-home`,
    name: 'Queensland Home',
    currency: 'AUD',
    timeZone: 'Australia/Brisbane',
    tariffId: 'qld_tariff_11_2017',
    meterId: 'DEMO76134',
    file: 'nem12/qld_home_2016.csv',
    renamed: { from: ',3044076134,', to: ',DEMO76134,' },
    contentType: 'text/csv',
    from: '2016-08-01',
    period: '2016-08',
  },
  {
    accountId: `${jurisdiction}_green-button-home`,
    name: 'Green Button Home',
    currency: 'USD',
    timeZone: 'America/New_York',
    tariffId: 'florida_power_light_rs1',
    meterId: 'demo-green-button',
    file: 'green-button/one_year_daily.xml',
    renamed: { from: '/UsagePoint/1', to: '/UsagePoint/demo-green-button' },
    contentType: 'application/xml',
    from: '2013-01-01',
    period: '2014-02',
  },
];

const STORED_POLL_MS = 250;
const STORED_WITHIN_MS = 60_000;

const fixture = (path: string): string => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8');

/** The file with the demo's own meter in it. @throws Error when the file does not name the meter it should */
export const readingsOf = ({ file, renamed }: MeteredHome): string => {
  const text = fixture(file);
  if (!text.includes(renamed.from)) throw new Error(`fixtures/${file} does not name its meter as ${renamed.from}`);
  return text.replaceAll(renamed.from, renamed.to);
};

/** All of a home that is a fact. @throws Error naming the refused request */
export const openMeteredHome = async (api: DemoApi, home: MeteredHome): Promise<void> => {
  const { accountId, name, currency, timeZone } = home;
  await demoRequest(api, 'POST', '/v1/accounts', { body: { accountId, name, currency, timeZone } });
};

/**
 * Tariff, meter and readings of a home that is open: no fact, so the ledger does not change under whoever has begun to use it.
 * @throws Error naming the refused request, or readings that are not stored within a minute
 */
export const loadMeterFile = async (api: DemoApi, home: MeteredHome): Promise<void> => {
  const { accountId, tariffId, meterId, contentType, from } = home;
  const rate = fixture(`tariffs/${tariffId}.json`);
  await demoRequest(api, 'PUT', `/v1/tariffs/${tariffId}`, { body: rate });
  await demoRequest(api, 'PUT', `/v1/accounts/${accountId}/meters/${meterId}`, { body: { tariffId, from } });
  const { batchId } = (await demoRequest(api, 'POST', '/v1/readings', { body: readingsOf(home), contentType })) as {
    readonly batchId: string;
  };
  await stored(api, batchId);
};

const stored = async (api: DemoApi, batchId: string): Promise<void> => {
  const deadlineMs = performance.now() + STORED_WITHIN_MS;
  for (;;) {
    const batch = (await demoRequest(api, 'GET', `/v1/readings/${batchId}`)) as { readonly status: string };
    if (batch.status === 'stored') return;
    if (performance.now() > deadlineMs)
      throw new Error(`demo data: batch ${batchId} is ${batch.status} after a minute`);
    await pause(STORED_POLL_MS, undefined, { ...(api.signal && { signal: api.signal }) });
  }
};
