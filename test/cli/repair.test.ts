// Owns the proof of what `repair` puts right in ledger and views, against the copies of two Regions in real engines.
// Leaves to test/lambdas/scrub what may be put right, to test/local/scrub.test.ts the running Regions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { toItem } from '../../lambdas/adapters/dynamo/fact-item.ts';
import { storeFact } from '../../lambdas/adapters/stored-fact.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { keyOf } from '../../lambdas/domain/keys.ts';
import { TABLES } from '../engine/tables.ts';
import { B, copiesInTwoRegions, EAST, PAID, payment, WEST } from './integrity-copies.ts';

const copies = copiesInTwoRegions();
const withoutRepairs = (lines: readonly string[]) => lines.filter((line) => !line.includes('FactRepaired'));

describe('damage', () => {
  let before: readonly (readonly string[])[];
  beforeEach(async () => {
    before = [withoutRepairs(await copies.ledger()), ...(await copies.views()).map(withoutRepairs)];
  });
  const expectMended = async (): Promise<void> => {
    // A record of a repair comes into the views by their streams, which are not here: repair itself puts it there.
    expect(await copies.say('verify')).toMatchObject({ code: 0 });
    const after = [withoutRepairs(await copies.ledger()), ...(await copies.views()).map(withoutRepairs)];
    // Sums count the records of repairs too.
    const facts = (lines: readonly (readonly string[])[]) =>
      lines.map((some) => some.filter((line) => line.includes('body=')));
    expect(facts(after)).toEqual(facts(before));
  };

  test('a flipped bit in the ledger: named, and repaired from a view with a record, once', async () => {
    await copies.flip(EAST, TABLES.ledger, payment);
    const json = join(copies.dataDir, 'findings.jsonl');
    expect(await copies.say('verify', '--json', json)).toMatchObject({
      code: 1,
      printed: [
        `us-east-1  ledger  us_a  ${PAID}  corrupt: its checksum does not match its body`,
        '2 accounts and 2 seals verified, 1 finding',
      ],
      noted: ['baseload: 1 finding: repair shows what can be put right'],
    });
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({
      store: 'ledger',
      region: EAST,
      accountId: 'us_a',
      key: PAID,
    });
    const shown = `us_a  ${PAID} of the ledger from the copy of us-east-1`;
    expect(await copies.say('repair', '--dry-run')).toMatchObject({
      code: 0,
      printed: [shown, 'dry run: nothing was changed'],
    });
    expect((await copies.say('verify')).code).toBe(1);

    const { code, printed, noted, asked } = await copies.say('repair');
    expect([code, printed.slice(0, 2), asked]).toEqual([
      0,
      [shown, `us_a  done: ${PAID} of the ledger from the copy of us-east-1`],
      ['Put right what is shown, in 1 account?'],
    ]);
    expect(noted.map((line) => JSON.parse(line))[0]).toMatchObject({
      audit: 'repair',
      region: EAST,
      accountId: 'us_a',
    });
    await expectMended();
    expect((await copies.ledger()).filter((line) => line.includes('FactRepaired'))).toHaveLength(1);
  }, 60_000);

  test('a fact that is gone from the ledger and damaged in one view comes back from the other', async () => {
    await copies.remove(EAST, TABLES.ledger, payment);
    await copies.flip(EAST, TABLES.views, payment);
    expect((await copies.say('verify')).printed).toEqual([
      `us-east-1  ledger  us_a  ${PAID}  missing: is in a view and not in the ledger`,
      `us-east-1  view  us_a  ${PAID}  corrupt: its checksum does not match its body`,
      '2 accounts and 2 seals verified, 2 findings',
    ]);
    expect((await copies.say('repair', '--yes')).code).toBe(0);
    await expectMended();
  }, 60_000);

  test('an account that the ledger has lost altogether is found in a view', async () => {
    for (const fact of B) await copies.remove(EAST, TABLES.ledger, fact);
    expect((await copies.say('verify')).printed).toHaveLength(3);
    expect((await copies.say('repair', '--account', 'us_b', '--yes')).code).toBe(0);
    await expectMended();
  }, 60_000);

  test('rows and sums of a view that are gone or wrong are put right from the ledger', async () => {
    await copies.remove(WEST, TABLES.views, payment);
    await copies.client(WEST).send(
      new PutItemCommand({
        TableName: TABLES.views,
        Item: { pk: { S: 'us_b' }, sk: { S: 'sum#2026-10' }, total: { N: '1' }, d16: { N: '1' } },
      }),
    );
    const { printed } = await copies.say('verify');
    expect(printed).toContain(`us-west-2  view  us_a  ${PAID}  missing: has not come into the view`);
    expect(printed).toContain(
      'us-west-2  view  us_b  us_b sum#2026-10  derived: is d16 1, total 1, its facts make d16 -70, total -70',
    );
    expect((await copies.say('repair', '--yes')).code).toBe(0);
    expect(await copies.say('verify')).toMatchObject({ code: 0 });
    const [east, west] = await copies.views();
    expect(west).toEqual(east);
  }, 60_000);

  test('two sound copies that contradict each other are shown, and nobody is believed', async () => {
    const other = { ...payment, method: 'other' };
    const put = (fact: Fact) =>
      copies.client(WEST).send(
        new PutItemCommand({
          TableName: TABLES.views,
          Item: {
            ...toItem(storeFact(fact)),
            at: { S: `${String(fact.occurredAtMs).padStart(15, '0')}#${keyOf(fact)}` },
          },
        }),
      );
    await put(other);
    await copies.remove(EAST, TABLES.ledger, payment);
    expect(await copies.say('repair', '--yes')).toMatchObject({
      code: 1,
      noted: ['baseload: 1 left that no copy proves: see docs/runbooks/corrupt-fact.md'],
    });
    await put(payment);
    expect((await copies.say('repair', '--yes')).code).toBe(0);
    await expectMended();
  }, 60_000);
});
