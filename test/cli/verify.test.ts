// Owns the proof of what `verify` looks at, says and ends with, against the copies of two Regions in real engines.
// Leaves to repair.test.ts and archive-integrity.test.ts what is damaged.
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { TABLES } from '../engine/tables.ts';
import { B, copiesInTwoRegions, EAST } from './integrity-copies.ts';
import { baseload } from './two-regions.ts';

const copies = copiesInTwoRegions();

describe('all is as it must be', () => {
  test('verify says so and ends with 0', async () => {
    expect(await copies.say('verify')).toEqual({
      code: 0,
      printed: ['2 accounts and 2 seals verified, 0 findings'],
      noted: [],
      asked: [],
    });
  });

  test('there is nothing to repair', async () => {
    expect(await copies.say('repair', '--yes')).toMatchObject({ code: 0, printed: ['nothing to repair'] });
  });

  test('a Region that does not answer is no verdict', async () => {
    const silent = createServer((_request, response) =>
      response.end(
        JSON.stringify({
          ...copies.wiring,
          sqs: { [EAST]: '' },
          dynamodb: { [EAST]: 'http://127.0.0.1:9' },
        }),
      ),
    );
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const { code, noted } = await baseload(['verify', '--account', 'us_a', '--control', url]);
    silent.close();
    expect([code, noted.join()]).toEqual([2, expect.stringMatching(/^baseload: could not look: /)]);
  });

  test.each([
    [['--account', 'nobody'], /It is an account like us_a1/],
    [['--from', 'yesterday'], /It is a UTC day like 2026-10-15/],
    [['--from', '2026-10-16', '--to', '2026-10-15'], /--from is not before --to/],
    [['--region', 'mars-north-1'], /Region mars-north-1 is not there/],
  ])('%j is a wrong command line', async (args, problem) => {
    const { code, noted } = await copies.say('verify', ...args);
    expect([code, noted.join()]).toEqual([2, expect.stringMatching(problem)]);
  });
});

test('a window tells of its own facts only', async () => {
  await copies.remove(EAST, TABLES.views, B[1] as Fact);
  expect((await copies.say('verify', '--to', '2026-10-16')).printed).toEqual([
    '1 account and 2 seals verified, 0 findings',
  ]);
  expect((await copies.say('verify', '--from', '2026-10-16')).code).toBe(1);
  expect((await copies.say('repair', '--yes')).code).toBe(0);
}, 60_000);

test('a run goes on where the one before was ended', async () => {
  const place = join(copies.dataDir, 'place.json');
  // As kept behind the ledger: the views are left to do.
  writeFileSync(
    place,
    JSON.stringify({
      place: { stage: 1, items: 6 },
      tally: { accounts: 2, seals: 0, findings: 0, notYet: 0, notArchivedYet: 0 },
    }),
  );
  expect(await copies.say('verify', '--resume', place)).toMatchObject({
    code: 0,
    printed: ['2 accounts and 2 seals verified, 0 findings'],
  });
  expect(existsSync(place)).toBe(false);
  writeFileSync(place, 'no checkpoint');
  expect(await copies.say('verify', '--resume', place)).toMatchObject({ code: 2 });
});
