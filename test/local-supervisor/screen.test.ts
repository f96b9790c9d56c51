import { describe, expect, test } from '@jest/globals';
import pc from 'picocolors';
import { meteredHomes } from '../../local/demo/metered-homes.ts';
import { Changes } from '../../local/screen/changes.ts';
import { createProgress } from '../../local/screen/progress.ts';
import { screenText } from '../../local/screen/screen.ts';

const plain = pc.createColors(false);

describe('progress', () => {
  test('is one plain line a step where there is no terminal', async () => {
    let text = '';
    let nowMs = 0;
    const progress = createProgress({ write: (more) => (text += more) }, plain, () => nowMs);
    await progress.step('synthesizing the CDK app', async () => {
      nowMs = 4_260;
    });
    await expect(progress.step('starting', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(text).toBe('  ✓ synthesizing the CDK app 4.3 s\n  ✗ starting 0.0 s\n');
  });

  test('redraws its line on a terminal and leaves the finished one', async () => {
    let text = '';
    const progress = createProgress({ write: (more) => (text += more), isTTY: true }, plain, () => 0);
    await progress.step('starting', async () => {});
    expect(text).toBe('\r\u001b[2K  ⠙ starting 0.0 s\r\u001b[2K  ✓ starting 0.0 s\n');
  });
});

test('changes are said, first words and repetitions are not', () => {
  const said: string[] = [];
  const changes = new Changes((line) => said.push(line));
  changes.note('DNS answer', 'us-east-1');
  changes.note('DNS answer', 'us-east-1');
  changes.note('DNS answer', 'us-west-2');
  expect(said).toEqual(['DNS answer: us-east-1 → us-west-2']);
});

test('the screen says where everything is and what to try', () => {
  const text = screenText(
    {
      ready: true,
      readyMs: 7_312,
      api: 'http://127.0.0.1:4600',
      regions: { 'us-east-1': 'http://127.0.0.1:4605', 'us-west-2': 'http://127.0.0.1:4610' },
      dns: '127.0.0.1:4602',
      hostname: 'billing.example.com',
      control: 'http://127.0.0.1:4601',
      answer: { region: 'us-east-1', ttlSeconds: 5 },
      demoAccount: 'us_gas-home',
      meteredHomes: meteredHomes('us'),
      token: 'a.b.c',
      dataDir: undefined,
    },
    plain,
  );
  expect(text).toBe(`
  Baseload runs in 2 Regions (ready in 7.3 s)

  api        http://127.0.0.1:4600  what payers use: follows DNS for billing.example.com
  us-east-1  http://127.0.0.1:4605
  us-west-2  http://127.0.0.1:4610
  dns        127.0.0.1:4602  answers us-east-1, TTL 5 s
  control    http://127.0.0.1:4601  the control room: open it in a browser
  data       temporary, gone at the end (keep it with --data-dir DIR)

  A token for the demo customer us_gas-home, 35 real gas bills:
  TOKEN=a.b.c

  1. look up what they owe
  curl -s -H "Authorization: Bearer $TOKEN" http://127.0.0.1:4600/v1/accounts/us_gas-home
  2. pay one bill
  curl -s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -H 'Idempotency-Key: my-first-payment' -d '{"amountMinor":5100,"currency":"USD","method":"card"}' http://127.0.0.1:4600/v1/accounts/us_gas-home/payments
  3. kill the Region that answers, then pay and look up again through the same address
  curl -s -X POST http://127.0.0.1:4601/api/regions/us-east-1/kill

  Two more homes are billed from real meter files, stored within seconds from now: what a month of each comes to
  curl -s -H "Authorization: Bearer $TOKEN" 'http://127.0.0.1:4600/v1/accounts/us_queensland-home/bills/preview?period=2016-08'
  curl -s -H "Authorization: Bearer $TOKEN" 'http://127.0.0.1:4600/v1/accounts/us_green-button-home/bills/preview?period=2014-02'

  Ctrl-C stops everything.
`);
});
