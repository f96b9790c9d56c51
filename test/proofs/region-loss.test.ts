// The proof of promises 1 to 4: payers pay for a minute while the Region they are sent to is killed and comes back.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  auditPayments,
  type LedgerItem,
  openAccounts,
  operatorDynamo,
  readLedger,
} from '../../drills/auditor/auditor.ts';
import { Harness } from '../../drills/pair/harness.ts';
import { settled } from '../../drills/pair/settled.ts';
import { Dynamo } from '../../lambdas/adapters/dynamo/client.ts';
import { DynamoViewStore } from '../../lambdas/adapters/dynamo/view-store.ts';
import { decodeFact } from '../../lambdas/domain/codec.ts';
import { dumpView, viewLine } from '../engine/dump-view.ts';
import { startEngine } from '../engine/start-engine.ts';
import { CREDENTIALS, createTables, REGION, TABLES } from '../engine/tables.ts';
import { Payers } from '../local/paying-clients.ts';

/** So many that eight payers in a hurry stay below the limit of each. */
const ACCOUNTS = Array.from({ length: 48 }, (_, n) => `us_loss-${n}`);
const LOAD_MS = 60_000;
const CLIENTS = 8;

/** Route 53's propagation as ../../local/route53 models it, at most. */
const PROPAGATION_MS = 10_000;
/** `/health` turns 4 s after its last success, and a checker waits up to 4 s to connect and 2 s for an answer. */
const HEALTH_TURNS_MS = 4_000 + 6_000;

describe('a Region is killed under load and comes back', () => {
  let baseload: Harness;
  let killed = '';
  let killedAtMs = 0;
  let allowedMs = 0;
  let payers: Payers;

  beforeAll(async () => {
    baseload = await Harness.start();
    await settled(baseload);
    await openAccounts(baseload, ACCOUNTS);
    const { dns } = await baseload.state();
    killed = dns.answer ?? '';
    const { healthChecks } = await baseload.wiring();
    const check = healthChecks.find((candidate) => candidate.kind === 'endpoint' && candidate.path === '/health');
    if (check?.kind !== 'endpoint') throw new Error('no health check of /health in the templates');
    allowedMs =
      check.requestIntervalSeconds * check.failureThreshold * 1000 +
      HEALTH_TURNS_MS +
      PROPAGATION_MS +
      dns.ttlSeconds * 1000;

    const token = await baseload.token({ accounts: ACCOUNTS, scope: 'billing:pay billing:read' });
    const startedAtMs = Date.now();
    payers = new Payers({
      api: baseload.ready.api,
      token,
      accounts: ACCOUNTS,
      clients: CLIENTS,
      firstAmountMinor: 1_000,
      thinkMs: 40,
    });
    await pause(12_000);
    // It dies with writes under way: some in the ledger and not answered, the others never there. Left to chance, the few
    // milliseconds between an acknowledgement and its write would hardly ever be hit.
    const dying = { region: killed, sortKeyPrefix: 'p#', sortKeySuffix: '#000' };
    killedAtMs = Date.now();
    await baseload.fault({ ...dying, kind: 'lost-answer', count: CLIENTS });
    await pause(100);
    await baseload.fault({ ...dying, kind: 'silent', count: 1_000 });
    await pause(400);
    await baseload.tell(killed, 'kill');
    for (const kind of ['lost-answer', 'silent'] as const) await baseload.fault({ ...dying, kind, count: 0 });
    await baseload.waitFor(
      'payments accepted again, by the other Region',
      () =>
        payers.attempts.some(({ atMs, status, region }) => atMs > killedAtMs && status === 201 && region !== killed),
      allowedMs + 5_000,
    );
    await pause(Math.max(0, startedAtMs + LOAD_MS - 15_000 - Date.now()));
    await baseload.tell(killed, 'start');
    await pause(Math.max(0, startedAtMs + LOAD_MS - Date.now()));
    await payers.stop(30_000);
  }, 180_000);

  afterAll(async () => {
    // Payers whose test has failed before it stopped them would pay on, and jest would never end.
    await payers?.stop(0);
    await baseload?.stop();
  }, 30_000);

  test('every acknowledged payment is in the ledger exactly once', async () => {
    const audit = auditPayments(payers.intents, await ledgerItems());
    expect(audit.acknowledged).toBeGreaterThan(100);
    expect(audit).toMatchObject({ lost: [], doubled: [], misnamed: [], unacknowledgedButStored: 0 });
    // Nobody gave up: what was under way when the Region died has been asked for in the other one.
    expect(audit.acknowledged).toBe(payers.intents.length);
  });

  test('both Regions took payments', () => {
    const regions = new Set(payers.intents.map(({ acknowledged }) => acknowledged?.region));
    expect([...regions].sort()).toEqual(expect.arrayContaining(['us-east-1', 'us-west-2']));
  });

  test("payers' errors stop within what interval, threshold, propagation and TTL allow", () => {
    const errors = payers.attempts
      .filter(({ status }) => status !== 201)
      .map(({ atMs, ...attempt }) => ({ ...attempt, afterKillMs: atMs - killedAtMs }));
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.filter(({ afterKillMs }) => afterKillMs < 0 || afterKillMs >= allowedMs)).toEqual([]);
  });

  test("each account's balance is what its payers paid, in both Regions", async () => {
    const token = await baseload.token({ accounts: ACCOUNTS, scope: 'billing:read' });
    for (const account of ACCOUNTS) {
      const ofAccount = payers.intents.filter(({ accountId, acknowledged }) => accountId === account && acknowledged);
      const paidMinor = ofAccount.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      const last = ofAccount.slice(-8).map(({ acknowledged }) => acknowledged?.position);
      for (const region of baseload.regionNames) {
        const { value } = await baseload.waitFor(
          `${account} in ${region} shows all ${ofAccount.length} payments`,
          async () => {
            const { body } = await baseload.region(region, 'GET', `/v1/accounts/${account}`, {
              token,
              headers: { 'baseload-after': last.join(', ') },
            });
            return body.balanceMinor === -paidMinor && body;
          },
          60_000,
        );
        expect(value).toMatchObject({ accountId: account, balanceMinor: -paidMinor, dueMinor: 0 });
      }
    }
  }, 150_000);

  test("every payment is settled, whichever Region took it, and the processor's own books show each charged once", async () => {
    const token = await baseload.token({ accounts: ACCOUNTS, scope: 'billing:read' });
    for (const account of ACCOUNTS) {
      await baseload.waitFor(
        `nothing of ${account} is pending in either Region`,
        async () => {
          const looked = await Promise.all(
            baseload.regionNames.map((region) => baseload.region(region, 'GET', `/v1/accounts/${account}`, { token })),
          );
          return looked.every(({ body }) => body.pendingMinor === 0);
        },
        180_000,
      );
    }
    const { processor } = await baseload.wiring();
    const books = (await (await fetch(`${processor}/admin/books`)).json()) as {
      charges: { status: string; paymentId: string }[];
    };
    const paid = payers.intents.map(({ acknowledged }) => String(acknowledged?.paymentId)).sort();
    const ours = new Set(paid);
    const collected = books.charges.filter(({ status, paymentId }) => status === 'collected' && ours.has(paymentId));
    expect(collected.map(({ paymentId }) => paymentId).sort()).toEqual(paid);
  }, 240_000);

  test("both Regions' views equal a replay of the ledger, byte for byte", async () => {
    // What the killed Region's workers had taken off their queue comes back to them minutes later, and is dropped as done.
    await baseload.waitFor(
      'both views caught up',
      async () => Object.values((await baseload.state()).regions).every(({ viewLagMs }) => viewLagMs === 0),
      120_000,
    );
    const items = await ledgerItems();
    const replayed = await replay(items);
    expect(replayed.length).toBeGreaterThan(100);
    for (const region of baseload.regionNames) {
      const view = await dumpView(await baseload.dynamodb(region), { region });
      // The replay uses the code that made the view: what that code leaves out is only seen against the ledger itself.
      expect(factCopies(view)).toEqual(items.map(factCopy).sort());
      expect(view.length).toBe(replayed.length);
      expect(view).toEqual(replayed);
    }
  }, 240_000);

  const ledgerItems = async () => {
    const [region = ''] = baseload.regionNames;
    const dynamo = operatorDynamo(await baseload.dynamodb(region), region);
    return readLedger(dynamo, TABLES.ledger);
  };
});

const factCopy = ({ pk, sk, stored }: LedgerItem): string => viewLine({ pk, sk, ...stored });

/** The rows of a view that are copies of facts, without what only the view has. */
const factCopies = (view: readonly string[]): readonly string[] =>
  view
    .filter((line) => line.includes(' body="'))
    .map((line) => line.replace(/^at="[^"]*" /, '').replace(/ v=\d+$/, ''))
    .sort();

/** The ledger's facts in an order of their own, each twice, into a view that has never seen one. */
const replay = async (items: readonly LedgerItem[]): Promise<readonly string[]> => {
  const engine = await startEngine();
  try {
    await createTables(engine.endpoint);
    const views = new DynamoViewStore(
      new Dynamo({ endpoint: engine.endpoint, region: REGION, credentials: CREDENTIALS }),
      TABLES.views,
    );
    const facts = items.map(({ stored }) => decodeFact(stored)).sort((a, b) => (a.commandId < b.commandId ? -1 : 1));
    for (let from = 0; from < facts.length; from += 200) {
      await views.apply(facts.slice(from, from + 200));
      await views.apply(facts.slice(from, from + 20).reverse());
    }
    return await dumpView(engine.endpoint);
  } finally {
    await engine.stop();
  }
};
