import { describe, expect, test } from '@jest/globals';
import { startMeter } from '../../bench/engine/meter.ts';
import { TABLES } from '../../bench/engine/tables.ts';
import { barePut } from '../../bench/recipes/bare-put.ts';
import { castoreAccounts, castorePayments } from '../../bench/recipes/castore.ts';
import { ledgerAppend } from '../../bench/recipes/ledger-append.ts';
import { powertools } from '../../bench/recipes/powertools.ts';
import type { Recipe } from '../../bench/recipes/recipe.ts';
import { benchEngineOfThisFile } from './bench-engine-of-this-file.ts';

const engine = benchEngineOfThisFile();

const itemsOf = async (TableName: string): Promise<readonly Record<string, { S?: string; N?: string }>[]> =>
  (await engine.connection.must<{ Items: Record<string, { S?: string; N?: string }>[] }>('Scan', { TableName })).Items;

const payWith = (recipe: Recipe, endpoint = engine.endpoint) => {
  const prepare = recipe.open(endpoint);
  return (n: number) => prepare(n)();
};

test('the bare put writes an item as large as a fact, and refuses it twice', async () => {
  const put = payWith(barePut);
  await put(1);
  await expect(put(1)).rejects.toThrow('The conditional request failed');
  const [item] = await itemsOf(TABLES.ledger);
  expect(Object.keys(item ?? {}).sort()).toEqual(['body', 'pk', 'sk', 'sum', 'v']);
});

test('the append alone writes a fact, once', async () => {
  const append = payWith(ledgerAppend);
  await append(11);
  await expect(append(11)).rejects.toThrow('was there before');
});

test('Powertools: one entry and one balance, however often the same payment comes', async () => {
  const pay = payWith(powertools);
  await pay(7);
  await pay(7);
  const items = await itemsOf(TABLES.recipeLedger);
  expect(items.map(({ sk, amountMinor, balanceMinor }) => [sk?.S, amountMinor?.N ?? balanceMinor?.N])).toEqual([
    ['balance', '-107'],
    ['payment#pay_bench-7', '107'],
  ]);
  expect(await itemsOf(TABLES.recipeIdempotency)).toMatchObject([{ status: { S: 'COMPLETED' } }]);
});

describe('castore', () => {
  test('a payment is an aggregate of one event, refused a second time', async () => {
    const pay = payWith(castorePayments);
    await pay(3);
    await expect(pay(3)).rejects.toThrow('already exists');
  });

  test('an account is an aggregate that grows by an event a payment', async () => {
    const pay = payWith(castoreAccounts);
    await pay(5);
    await pay(5);
    const versions = (await itemsOf(TABLES.castore)).flatMap(({ aggregateId, version }) =>
      aggregateId?.S === 'PAYMENTS#us_payer5' ? [version?.N] : [],
    );
    expect(versions).toEqual(['1', '2']);
  });
});

test('the meter counts requests and units of what goes through it, and starts anew', async () => {
  const meter = await startMeter(engine.endpoint);
  try {
    await payWith(powertools, meter.endpoint)(11);
    expect(meter.take()).toEqual({ requests: 3, readUnits: 0, writeUnits: 6 });
    await payWith(barePut, meter.endpoint)(12);
    expect(meter.take()).toEqual({ requests: 1, readUnits: 0, writeUnits: 1 });
    expect(meter.take()).toEqual({ requests: 0, readUnits: 0, writeUnits: 0 });
  } finally {
    await meter.stop();
  }
});
