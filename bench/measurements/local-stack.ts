// Owns what both Regions on this machine bear: payments at fixed arrival rates, their times, and the CPU all of it takes.
// Leaves to local/ the Regions. It says what the machine can run, nothing of AWS.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Measurement } from '../harness/measurement.ts';
import { quantile } from '../harness/statistics.ts';
import { type LocalRun, onLocalRun } from '../local-stack/local-run.ts';
import { cpuMsOfTree } from '../local-stack/process-tree.ts';
import { accountName, paymentBody } from '../workload/history.ts';

const RATES_PER_SECOND = [5, 10, 20, 40, 80] as const;
const STEP_MS = 10_000;
/** Enough that no account comes near its limit of requests. */
const ACCOUNTS = Array.from({ length: 100 }, (_, n) => accountName(`stack${n}`));
const GIVES_UP_AFTER_MS = 10_000;

interface Sent {
  readonly isAccepted: boolean;
  /** From the moment it was due: a sender that is late hides nothing. */
  readonly tookMs: number;
}

const post = async (url: string, token: string, body: object): Promise<number> => {
  try {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'idempotency-key': randomUUID() },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(GIVES_UP_AFTER_MS),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
};

const tokenFrom = async (control: string): Promise<string> => {
  const scope = encodeURIComponent('billing:operate billing:pay');
  const response = await fetch(`${control}/dev/token?scope=${scope}`);
  return ((await response.json()) as { readonly token: string }).token;
};

const openAccounts = async (api: string, token: string): Promise<void> => {
  for (const accountId of ACCOUNTS) {
    const body = { accountId, name: 'A. Payer', currency: 'USD', timeZone: 'America/New_York' };
    const status = await post(`${api}/v1/accounts`, token, body);
    if (status !== 201) throw new Error(`opening ${accountId} was answered ${status}`);
  }
};

/** Open model: each payment begins when it is due, whether the ones before it were answered or not. */
const payAt = async (perSecond: number, { ready: { api } }: LocalRun, token: string): Promise<readonly Sent[]> => {
  const startedMs = performance.now();
  const sent: Promise<Sent>[] = [];
  for (let n = 0; n < (perSecond * STEP_MS) / 1000; n++) {
    const dueMs = startedMs + (n * 1000) / perSecond;
    await pause(Math.max(0, dueMs - performance.now()));
    const accountId = ACCOUNTS[n % ACCOUNTS.length];
    sent.push(
      post(`${api}/v1/accounts/${accountId}/payments`, token, paymentBody(100 + n)).then((status) => ({
        isAccepted: status === 201,
        tookMs: performance.now() - dueMs,
      })),
    );
  }
  return Promise.all(sent);
};

export const measureLocalStack: Measurement = ({ progress }) => {
  progress('starting both Regions');
  return onLocalRun(async (run) => {
    const token = await tokenFrom(run.ready.control);
    progress(`opening ${ACCOUNTS.length} accounts`);
    await openAccounts(run.ready.api, token);
    await payAt(RATES_PER_SECOND[0], run, token);
    const rows = [];
    for (const perSecond of RATES_PER_SECOND) {
      progress(`${perSecond} payments/s for ${STEP_MS / 1000} s`);
      const startedMs = performance.now();
      const cpuBeforeMs = cpuMsOfTree(run.pid);
      const sent = await payAt(perSecond, run, token);
      const elapsedMs = performance.now() - startedMs;
      const accepted = sent.filter(({ isAccepted }) => isAccepted);
      const times = sent.map(({ tookMs }) => tookMs);
      rows.push({
        name: `${perSecond} payments/s due`,
        figures: {
          accepted: (accepted.length * 1000) / elapsedMs,
          others: sent.length - accepted.length,
          p50Ms: quantile(times, 0.5),
          p99Ms: quantile(times, 0.99),
          cores: (cpuMsOfTree(run.pid) - cpuBeforeMs) / elapsedMs,
        },
      });
    }
    return {
      tables: [
        {
          title: 'the whole local stack',
          columns: [
            { key: 'accepted', heading: 'accepted/s', digits: 1 },
            { key: 'others', heading: 'not accepted', digits: 0 },
            { key: 'p50Ms', heading: 'p50 ms', digits: 0 },
            { key: 'p99Ms', heading: 'p99 ms', digits: 0 },
            { key: 'cores', heading: 'cores used' },
          ],
          rows,
        },
      ],
      targets: [],
      notes: [
        'Through the front door, without a retry, from when each payment was due. A write waits for the real round trip between the Regions.',
        'Cores used by all processes of the run: functions, ledger, streams, queues, settlement, health checks, emulators of both Regions.',
      ],
    };
  });
};
