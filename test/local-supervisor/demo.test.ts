import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { parseEspi } from '../../lambdas/readings/espi/parse-espi.ts';
import { parseNem12 } from '../../lambdas/readings/nem12/parse-nem12.ts';
import { billRequest, demoAccountOf, demoBills, loadDemoAccount } from '../../local/demo/demo-account.ts';
import { publishedBills } from '../../local/demo/green-button-bills.ts';
import { meteredHomes, readingsOf } from '../../local/demo/metered-homes.ts';

describe('the gas bills of a real home', () => {
  const bills = demoBills();

  test('are 35, for 35 months in a row, and add up to what the publisher says', () => {
    expect(bills).toHaveLength(35);
    expect(bills.reduce((sum, bill) => sum + bill.costMinor, 0)).toBe(720_711);
    expect(bills.reduce((sum, bill) => sum + bill.therms, 0)).toBe(3_484);
    expect(new Set(bills.map((bill) => bill.period)).size).toBe(35);
    expect(bills.at(0)?.period).toBe('2021-05');
    expect(bills.at(-1)?.period).toBe('2024-03');
  });

  test('carry days of service that follow on each other, across clock changes too', () => {
    const dayAfter = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    const gaps = bills.filter(
      (bill, index) => index > 0 && bill.firstDay !== dayAfter(bills[index - 1]?.lastDay ?? ''),
    );
    expect(gaps).toEqual([]);
  });

  test('become requests with the service in words and 21 days to pay', () => {
    expect(bills[5] && billRequest(bills[5])).toEqual({
      period: '2021-10',
      dueDate: '2021-12-15',
      lines: [{ description: 'Natural gas 2021-10-26 to 2021-11-24, 131 therms', amountMinor: 23_042 }],
    });
  });
});

describe('the homes billed from meter files', () => {
  const [queensland, greenButton] = meteredHomes('us');

  test('send the published readings under names of their own, so that the published meters stay free', () => {
    const read = [parseNem12(Buffer.from(readingsOf(queensland))), parseEspi(Buffer.from(readingsOf(greenButton)))];
    expect(read.map(({ intervals }) => intervals.length)).toEqual([6_912, 444]);
    const meters = read.map(({ intervals }) => [...new Set(intervals.map(({ meterId }) => meterId))]);
    expect(meters).toEqual([[queensland.meterId], [greenButton.meterId]]);
  });

  test('say so when a file names its meter otherwise', () => {
    const other = { ...queensland, renamed: { from: 'NMI7', to: 'x' } };
    expect(() => readingsOf(other)).toThrow('fixtures/nem12/qld_home_2016.csv does not name its meter as NMI7');
  });
});

describe('a feed of another kind', () => {
  const feed = (reading: string, uom = '169') =>
    `<feed><entry><content><ReadingType><currency>840</currency><powerOfTenMultiplier>-3</powerOfTenMultiplier><uom>${uom}</uom></ReadingType></content></entry>` +
    `<entry><content><IntervalBlock>${reading}</IntervalBlock></content></entry></feed>`;
  const reading = (cost: number, start = 1_621_987_200) =>
    `<IntervalReading><cost>${cost}</cost><timePeriod><duration>2592000</duration><start>${start}</start></timePeriod><value>1000</value></IntervalReading>`;

  test('is refused: a cost below a cent, two bills in a month, a start inside a day, other units', () => {
    expect(() => publishedBills(feed(reading(5_100_001)))).toThrow('cost 5100001 is no whole cent');
    expect(() => publishedBills(feed(reading(1_000) + reading(2_000)))).toThrow('two bills start in 2021-05');
    expect(() => publishedBills(feed(reading(1_000, 1_621_987_201)))).toThrow('start 1621987201 is no midnight UTC');
    expect(() => publishedBills(feed(reading(1_000), '72'))).toThrow(/169/);
  });
});

describe('loading', () => {
  test('opens the account, issues each bill once under a stable key, and waits out a throttle', async () => {
    const seen: { path: string; key: string | undefined; body: { lines?: { amountMinor: number }[] } }[] = [];
    let throttled = false;
    const server = createServer(async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      if (seen.length === 3 && !throttled) {
        throttled = true;
        outgoing.writeHead(429).end('{"message":"Too Many Requests"}');
        return;
      }
      const key = incoming.headers['idempotency-key'];
      seen.push({ path: incoming.url ?? '', key: key?.toString(), body: JSON.parse(Buffer.concat(chunks).toString()) });
      outgoing.writeHead(201).end('{}');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    await loadDemoAccount(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'token', demoAccountOf('us'));
    server.close();
    server.closeAllConnections();
    expect(seen[0]).toEqual({
      path: '/v1/accounts',
      key: undefined,
      body: { accountId: 'us_gas-home', name: 'Gas Home', currency: 'USD', timeZone: 'America/New_York' },
    });
    const bills = seen.slice(1);
    expect(new Set(bills.map((bill) => bill.path))).toEqual(new Set(['/v1/accounts/us_gas-home/bills']));
    expect(new Set(bills.map((bill) => bill.key)).size).toBe(35);
    expect(bills.map((bill) => bill.key)).toContain('demo-bill-2021-05');
    expect(bills.reduce((sum, bill) => sum + (bill.body.lines?.[0]?.amountMinor ?? 0), 0)).toBe(720_711);
  });
});
