// Owns what both Regions on this machine bear: payments at fixed arrival rates, their times, and whose CPU it takes.
// Leaves to local/ the Regions. It says what the machine can run, nothing of AWS.
import { randomUUID } from 'node:crypto';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { openAccounts } from '../../drills/auditor/auditor.ts';
import { atRate } from '../../drills/load/at-rate.ts';
import type { Harness } from '../../drills/pair/harness.ts';
import { demoIsLoaded } from '../../drills/pair/own-run.ts';
import type { Measurement, Row } from '../harness/measurement.ts';
import { quantile } from '../harness/statistics.ts';
import { onLocalRun } from '../local-stack/local-run.ts';
import { cpuMsOfTree } from '../local-stack/process-tree.ts';
import { accountName, paymentBody } from '../workload/history.ts';

const RATES_PER_SECOND = [5, 10, 20, 40, 80] as const;
const STEP_MS = 15_000;
const WARM_UP = { perSecond: 5, forMs: 10_000 };
/** Less than this share of what was due: a higher rate would only measure the queue of the one before. */
const FOLLOWS = 0.9;
/** Enough that no account comes near its limit of requests. */
const ACCOUNTS = Array.from({ length: 100 }, (_, n) => accountName(`stack${n}`));
const GIVES_UP_AFTER_MS = 10_000;

/** The programs of a run, by what their command lines have in them. */
const PARTS = {
  regions: 'local/region-process.ts',
  ledger: 'local/ledger-process.ts',
  engines: '--db-path',
  front: 'local/main.ts',
} as const;

interface Load {
  readonly cores: Readonly<Record<keyof typeof PARTS | 'machine', number>>;
  readonly elapsedMs: number;
}

/** Of all cores of the machine, whoever kept them busy. */
const busyMs = (): number =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);

const watched = async <T>(pid: number, work: () => Promise<T>): Promise<{ readonly done: T; readonly load: Load }> => {
  const [startedMs, before, busyBeforeMs] = [performance.now(), cpuMsOfTree(pid, PARTS), busyMs()];
  const done = await work();
  const [elapsedMs, after] = [performance.now() - startedMs, cpuMsOfTree(pid, PARTS)];
  const of = (part: keyof typeof PARTS): number => (after[part] - before[part]) / elapsedMs;
  const cores = { regions: of('regions'), ledger: of('ledger'), engines: of('engines'), front: of('front') };
  return { done, load: { cores: { ...cores, machine: (busyMs() - busyBeforeMs) / elapsedMs }, elapsedMs } };
};

/** Through the front door, once: whether it was accepted. */
const payerOf =
  (baseload: Harness, token: string) =>
  async (n: number): Promise<boolean> => {
    const path = `/v1/accounts/${ACCOUNTS[n % ACCOUNTS.length]}/payments`;
    const signal = AbortSignal.timeout(GIVES_UP_AFTER_MS);
    const request = { token, idempotencyKey: randomUUID(), body: paymentBody(100 + n), signal };
    const answer = await baseload.api('POST', path, request).catch(() => undefined);
    return answer?.status === 201;
  };

export const measureLocalStack: Measurement = ({ progress }) => {
  progress('starting both Regions');
  return onLocalRun(async (baseload) => {
    progress('waiting for the readings of the demo');
    await demoIsLoaded(baseload);
    progress(`opening ${ACCOUNTS.length} accounts, paying from some`);
    await openAccounts(baseload, ACCOUNTS);
    const pay = payerOf(baseload, await baseload.token({ accounts: ACCOUNTS, scope: 'billing:pay' }));
    await atRate(WARM_UP, pay);
    progress(`nothing for ${STEP_MS / 1000} s`);
    const { pid } = baseload.run;
    const { load: atRest } = await watched(pid, () => pause(STEP_MS));
    const rows: Row[] = [{ name: 'nothing', figures: atRest.cores }];
    for (const perSecond of RATES_PER_SECOND) {
      progress(`${perSecond} payments/s for ${STEP_MS / 1000} s`);
      const { done: sent, load } = await watched(pid, () => atRate({ perSecond, forMs: STEP_MS }, pay));
      const accepted = sent.filter(({ answer }) => answer).length;
      const times = sent.map(({ tookMs }) => tookMs);
      const figures = {
        accepted: (accepted * 1000) / load.elapsedMs,
        others: sent.length - accepted,
        p50Ms: quantile(times, 0.5),
        p99Ms: quantile(times, 0.99),
        ...load.cores,
      };
      rows.push({ name: `${perSecond} payments/s`, figures });
      if (figures.accepted < FOLLOWS * perSecond) break;
    }
    return {
      tables: [
        {
          title: 'due at both Regions',
          columns: [
            { key: 'accepted', heading: 'accepted/s', digits: 1 },
            { key: 'others', heading: 'not accepted', digits: 0 },
            { key: 'p50Ms', heading: 'p50 ms', digits: 0 },
            { key: 'p99Ms', heading: 'p99 ms', digits: 0 },
            { key: 'regions', heading: 'cores: Regions' },
            { key: 'ledger', heading: 'ledger' },
            { key: 'engines', heading: 'engines' },
            { key: 'front', heading: 'front door' },
            { key: 'machine', heading: `busy of ${cpus().length}` },
          ],
          rows,
        },
      ],
      targets: [],
      notes: [
        `Through the front door, without a retry, for ${STEP_MS / 1000} s each, times from when each payment was due; accepted/s until the last was answered. The rates end with the first that is not followed.`,
        'A write waits for the real round trip between the Regions. The cores are those of all that a payment causes meanwhile: streams, views, settlement, seals, health checks, in both Regions.',
        'Regions: functions, queues, edges and schedules of both. Engines: three dynoxide. Front door: DNS, health, alarms and the control room too. Busy: whatever ran on the machine.',
      ],
    };
  });
};
