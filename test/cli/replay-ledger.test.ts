// Owns the proof that a whole ledger is copied into a new table byte for byte, from archives and views or from the table in use.
// Leaves to test/proofs/total-loss.test.ts running Regions.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DynamoSealWork } from '../../lambdas/adapters/dynamo/seal-work.ts';
import { headAfter, NO_SEAL, sealBucketOf } from '../../lambdas/domain/seal.ts';
import { account } from '../contract/facts.ts';
import { createLedgerTable, TABLES } from '../engine/tables.ts';
import { A, B, CHAIN, copiesInTwoRegions, EAST, FACTS, payment, REGIONS, SEALS, WEST } from './integrity-copies.ts';

const copies = copiesInTwoRegions();
const [FIRST, SECOND] = SEALS;
let generation = 1;
let to = '';
beforeEach(async () => {
  generation += 1;
  to = `baseload-us-ledger-g${generation}`;
  await createLedgerTable(copies.client(EAST), to);
});
const replay = (...args: readonly string[]) => copies.say('replay', 'ledger', '--to', to, ...args);
const EQUAL = () => `${to} equals its sources byte for byte: 6 facts and 2 seals`;

describe('from archives and views', () => {
  test('a dry run counts and copies nothing', async () => {
    expect(await replay('--from', 'archive', '--dry-run')).toMatchObject({
      code: 0,
      printed: [
        'archives and views hold 6 facts and 2 seals; 2 facts of them only views, younger than the last archived seal',
        `${to} holds 0 facts and 0 seals`,
        'dry run: nothing was copied',
      ],
      asked: [],
    });
    expect(await copies.ledger(to)).toEqual([]);
  });

  test('the ledger is lost: the new table is what it was, its young facts are sealed next, the steps are printed', async () => {
    const was = await copies.ledger();
    for (const fact of FACTS) await copies.remove(EAST, TABLES.ledger, fact);
    for (const seal of SEALS) await copies.removeSeal(seal);
    const { code, printed, noted, asked } = await replay('--from', 'archive');
    expect([code, asked]).toEqual([0, [`Copy this into ${to}? The table in use stays as it is.`]]);
    expect(printed.slice(2, 6)).toEqual([
      '4 facts of the archives copied, 2 seals',
      '2 facts younger than the last archived seal copied from the views',
      EQUAL(),
      'Nothing uses the new table yet. To take it into use:',
    ]);
    expect(printed.join('\n')).toContain('npx cdk deploy baseload-us-region-us-west-2 --exclusively');
    expect(JSON.parse(noted[0] ?? '')).toMatchObject({ audit: 'replay ledger', to, facts: 4, seals: 2, young: 2 });
    expect(await copies.ledger(to)).toEqual(was);
    for (const region of REGIONS) {
      const work = new DynamoSealWork(copies.dynamo(region), TABLES.sealWork);
      const unsealed = await work.unsealed(sealBucketOf(account('us_b')), { beforeMs: 1e14, limit: 10 });
      expect(unsealed.map(({ key }) => key as string)).toEqual(['a#000', expect.stringMatching(/^p#/)]);
    }
    // The table in use again, for the tests that follow.
    copies.wiring['ledgerTable'] = to;
    expect((await copies.say('verify')).code).toBe(0);
  }, 60_000);

  test('a seal that was lost before it was archived: the heads go back to where the chain ends', async () => {
    const work = new DynamoSealWork(copies.dynamo(WEST), TABLES.sealWork);
    const { bucket } = SECOND;
    const lost = { ordinal: 3, hash: 'lost', windowEndMs: SECOND.windowEndMs + 60_000 };
    await work.advance(bucket, headAfter(SECOND), lost);
    const { printed } = await replay('--from', 'archive', '--yes');
    expect(printed).toContain('1 verified head set back to where the rebuilt chains end');
    expect((await work.heads()).get(bucket)).toEqual({ ...headAfter(SECOND), windowEndMs: SECOND.windowEndMs });
    expect((await replay('--from', 'archive', '--yes')).printed).not.toContain(
      '1 verified head set back to where the rebuilt chains end',
    );
  }, 60_000);

  test('what one archive holds damaged comes from the other, what no archive and one view hold from that view', async () => {
    const was = await copies.ledger(String(copies.wiring['ledgerTable']));
    copies.flipArchived(WEST, FIRST);
    await copies.remove(EAST, TABLES.views, payment);
    await copies.flip(WEST, TABLES.views, A[0] as (typeof A)[number]);
    expect(await replay('--from', 'archive', '--yes')).toMatchObject({ code: 0 });
    expect(await copies.ledger(to)).toEqual(was);
    expect((await copies.say('repair', '--yes')).code).toBe(0);
  }, 60_000);

  test('an object that both archives hold damaged is named, its facts come from the views, and nobody says that all is there', async () => {
    for (const region of REGIONS) copies.flipArchived(region, SECOND);
    const { code, printed } = await replay('--from', 'archive', '--yes');
    expect(code).toBe(1);
    expect(printed).toContain(`cannot be copied: seal 2 of bucket ${SECOND.bucket}: no archive holds it undamaged`);
    expect((await copies.ledger(to)).filter((line) => line.includes('body='))).toHaveLength(FACTS.length + 1);
    expect((await copies.say('repair', '--yes')).code).toBe(0);
  }, 60_000);

  test('two copies that contradict each other: the second is refused', async () => {
    const other = { ...payment, method: 'other' };
    await copies.putLedgerItem(to, other);
    expect(await replay('--from', 'archive', '--yes')).toMatchObject({
      code: 1,
      noted: [
        `baseload: the table holds another fact ${payment.stream}#000 of account us_a than its copies: two of them contradict each other, see docs/total-loss.md`,
      ],
    });
  }, 60_000);
});

describe('from the table in use', () => {
  test('it is copied whole, its heartbeats left out', async () => {
    const was = await copies.ledger(String(copies.wiring['ledgerTable']));
    const Item = { pk: { S: 'hb#us-east-1#00' }, sk: { S: 'hb' }, at: { N: '1' } };
    await copies.client(EAST).send(new PutItemCommand({ TableName: String(copies.wiring['ledgerTable']), Item }));
    const { code, printed } = await replay('--from', 'ledger', '--yes');
    expect([code, printed.slice(0, 4)]).toEqual([
      0,
      [
        'the ledger holds 6 facts and 2 seals',
        `${to} holds 0 facts and 0 seals`,
        '6 facts of the ledger copied, 2 seals',
        EQUAL(),
      ],
    ]);
    expect(await copies.ledger(to)).toEqual(was);
  }, 60_000);

  test('something in the new table that no source has is a difference', async () => {
    await copies.putLedgerItem(to, { ...(B[0] as (typeof B)[number]), accountId: account('us_stranger') });
    expect(await replay('--from', 'ledger', '--yes')).toMatchObject({
      code: 1,
      noted: [
        expect.stringContaining('replay ledger'),
        `baseload: ${to} holds 7 facts and 2 seals, its sources 6 facts and 2 seals: run it again, something may have come meanwhile`,
      ],
    });
  }, 60_000);
});

describe('a run that was ended', () => {
  const file = () => join(copies.dataDir, 'replay.json');
  afterEach(() => expect(existsSync(file())).toBe(false));

  test('goes on where it was', async () => {
    await replay('--from', 'archive', '--yes');
    const Key = { pk: { S: `seal#${CHAIN}` }, sk: { S: '0000000002' } };
    await copies.client(EAST).send(new DeleteItemCommand({ TableName: to, Key }));
    const place = { from: 'archive', to, bucket: FIRST.bucket, ordinal: 1, seals: 1, facts: 3, young: 0 };
    writeFileSync(file(), JSON.stringify(place));
    const { code, printed } = await replay('--from', 'archive', '--yes', '--resume', file());
    expect([code, printed[2]]).toEqual([0, '4 facts of the archives copied, 2 seals']);
  }, 60_000);

  test('is not another’s', async () => {
    writeFileSync(file(), JSON.stringify({ from: 'ledger', to, ...NO_PLACE }));
    const { code, noted } = await replay('--from', 'archive', '--yes', '--resume', file());
    expect([code, noted]).toEqual([2, [`baseload: ${file()} is of a replay from ledger to ${to}: name another file`]]);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ from: 'ledger' });
    writeFileSync(file(), JSON.stringify({ from: 'ledger', to, ...NO_PLACE }));
    expect((await replay('--from', 'ledger', '--yes', '--resume', file())).code).toBe(0);
  }, 60_000);
});

const NO_PLACE = { bucket: NO_SEAL.ordinal, ordinal: 0, seals: 0, facts: 0, young: 0 };

test.each([
  [['--from', 'backup'], /Allowed choices are archive, ledger/],
  [[], /required option '--from <source>' not specified/],
])('%j is a wrong command line', async (args, problem) => {
  const { code, noted } = await replay(...args);
  expect([code, noted.join()]).toEqual([2, expect.stringMatching(problem)]);
});

test('a table is not copied into itself', async () => {
  to = String(copies.wiring['ledgerTable']);
  expect(await replay('--from', 'ledger')).toMatchObject({
    code: 2,
    noted: [`baseload: ${to} cannot be copied into itself: docs/total-loss.md says how a new table is made`],
  });
});
