import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Harness } from '../../drills/pair/harness.ts';

let dataDir = '';
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'baseload-start-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

/** Processes whose command line names the data directory: ledger, Regions and their engines. */
const processesOfRun = async (): Promise<readonly string[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return commands.filter((command) => command.includes(dataDir) && !command.includes('local/main.ts'));
};

/** The gas home with its bills, and two homes that are billed from meter files: those bring no facts of their own. */
const FACTS = { total: 38, byType: { AccountOpened: 3, BillIssued: 35 } };

describe('a run on a kept data directory', () => {
  test('killed without a word it leaves no process; started again it has the same customer, once; stopped it leaves none', async () => {
    const first = await Harness.start(['--data-dir', dataDir]);
    expect((await first.state()).facts).toEqual(FACTS);
    expect((await processesOfRun()).length).toBeGreaterThanOrEqual(6);
    process.kill(first.run.pid, 'SIGKILL');
    await first.waitFor('no process left after SIGKILL', async () => (await processesOfRun()).length === 0, 5_000);

    const second = await Harness.start(['--data-dir', dataDir]);
    expect((await second.state()).facts).toEqual(FACTS);
    const token = await second.token({ accounts: ['us_gas-home'], scope: 'billing:read' });
    // The view goes on where the killed one was: what it had not come to is applied after the start.
    const { value: account } = await second.waitFor('the gas home with all its bills', async () => {
      const { body } = await second.api('GET', '/v1/accounts/us_gas-home', { token });
      return body.balanceMinor === 720_711 && body;
    });
    expect(account).toMatchObject({ currency: 'USD', pendingMinor: 0 });

    const home = await second.token({ accounts: ['us_queensland-home'], scope: 'billing:read' });
    const preview = '/v1/accounts/us_queensland-home/bills/preview?period=2016-08';
    await second.waitFor('A$60.25 for August 2016 of the Queensland home', async () => {
      const { body } = await second.api('GET', preview, { token: home });
      return body.totalMinor === 6_025 && body.currency === 'AUD';
    });
    expect((await second.state()).facts).toEqual(FACTS);

    const stoppedAtMs = performance.now();
    expect(await second.run.stop('SIGINT')).toBe(0);
    expect(performance.now() - stoppedAtMs).toBeLessThan(5_000);
    expect(await processesOfRun()).toEqual([]);
  }, 150_000);
});
