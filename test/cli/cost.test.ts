// Owns the proof that `cost` follows the templates, and that docs/cost.md shows what it prints. Written by `npm run cost-table`.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { costOfAssembly, pageOf } from '../../cli/commands/cost.ts';
import type { CostLine } from '../../cli/cost/lines.ts';
import { costOf, PRICES } from '../../cli/cost/prices.ts';
import { CHECKERS, PROBE, shardsMet } from '../../cli/cost/usage.ts';
import { HEARTBEAT_KEYS } from '../../lambdas/shared/names.ts';
import { HEALTH } from '../../lambdas/shared/policies.ts';
import { buildApp } from '../../lib/app.ts';
import { readConfig } from '../../lib/config.ts';
import { baseload } from './two-regions.ts';

const PAGE = 'docs/cost.md';
const TABLES = /<!-- cost -->\n.*<!-- \/cost -->/s;

let assembly = '';
beforeAll(() => {
  assembly = mkdtempSync(join(tmpdir(), 'baseload-cost-'));
  buildApp({ config: readConfig('baseload.config.json'), outdir: assembly, assets: 'stub' }).synth();
}, 60_000);
afterAll(() => rmSync(assembly, { recursive: true }));

const usdOf = (lines: readonly CostLine[], name: string): number => {
  const found = lines.find((line) => line.name === name);
  if (found === undefined) throw new Error(`no line ${name}, there is ${lines.map((line) => line.name).join(', ')}`);
  return Math.round(found.usd * 100) / 100;
};

/** The idle bill after each template's text was changed. */
const idleAfter = (change: (template: string) => string): readonly CostLine[] => {
  const copy = mkdtempSync(join(tmpdir(), 'baseload-cost-'));
  try {
    cpSync(assembly, copy, { recursive: true });
    for (const name of readdirSync(copy).filter((file) => file.endsWith('.template.json'))) {
      const file = join(copy, name);
      writeFileSync(file, change(readFileSync(file, 'utf8')));
    }
    return costOfAssembly(copy, 'us').idle;
  } finally {
    rmSync(copy, { recursive: true });
  }
};

test(`${PAGE} shows what the command prints`, () => {
  const tables = `<!-- cost -->\n\n${pageOf(costOfAssembly(assembly, 'us')).join('\n')}\n\n<!-- /cost -->`;
  if (process.env.WRITE_COST_TABLE !== undefined)
    writeFileSync(
      PAGE,
      readFileSync(PAGE, 'utf8').replace(TABLES, () => tables),
    );
  if (!readFileSync(PAGE, 'utf8').includes(tables))
    throw new Error(`${PAGE} is not what cost prints: write it anew with npm run cost-table`);
});

describe('a line follows the templates', () => {
  test('the interval of health checks: fewer requests, no fast checks, and fewer heartbeats', () => {
    const [as, rare] = [
      idleAfter((template) => template),
      idleAfter((template) => template.replaceAll('"RequestInterval": 10', '"RequestInterval": 30')),
    ];
    const both = (name: string) => [usdOf(as, name), usdOf(rare, name)];
    expect(both('checkers at the HTTP API')).toEqual([11.21, 5.61]);
    expect(both('health checks and zone')).toEqual([9.5, 7.5]);
    expect(both('heartbeats in the ledger')).toEqual([10.01, 6.78]);
  });

  test('the level of Lambda’s own log, and the memory of a function', () => {
    const as = idleAfter((template) => template);
    const told = idleAfter((template) => template.replaceAll('"SystemLogLevel": "WARN"', '"SystemLogLevel": "INFO"'));
    expect([usdOf(as, 'logs'), usdOf(told, 'logs')]).toEqual([6.06, 10.27]);
    const small = idleAfter((template) => template.replaceAll('"MemorySize": 1024', '"MemorySize": 512'));
    expect([usdOf(as, 'Lambda: checks'), usdOf(small, 'Lambda: checks')]).toEqual([4.49, 3.36]);
  });

  test('alarms are paid by the metrics they look at, a band by three', () => {
    const as = idleAfter((template) => template);
    const withoutBands = idleAfter((template) => template.replaceAll('"ThresholdMetricId"', '"Other"'));
    // Two in each Region.
    expect(usdOf(as, 'alarms') - usdOf(withoutBands, 'alarms')).toBeCloseTo(2 * 2 * 2 * costOf('alarmMetric', 1));
  });

  test('a payer from outside is paid by the run, and not at all where there is none', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'baseload-cost-'));
    const config = readConfig('baseload.config.json');
    const outsidePayer = { account: 'us_test-a', currency: 'USD', everyMinutes: 10 } as const;
    buildApp({ config: { ...config, outsidePayer }, outdir, assets: 'stub' }).synth();
    const on = costOfAssembly(outdir, 'us').idle;
    rmSync(outdir, { recursive: true });
    const off = costOfAssembly(assembly, 'us').idle;
    expect(usdOf(on, 'a payer from outside')).toBe(6.07);
    expect(usdOf(on, 'secrets')).toBe(0.4);
    expect(off.map(({ name }) => name)).not.toContain('a payer from outside');
    expect(readFileSync(PAGE, 'utf8')).toContain('6.07 a month');
  });

  test('a schedule of which nobody said what it takes is an error, not free', () => {
    expect(() => idleAfter((template) => template.replaceAll('cron(0 8-20 * * ? *)', 'rate(1 hour)'))).toThrow(
      'usage.ts does not say what a call of baseload-us-reconcile takes',
    );
  });
});

test('the usage of heartbeats is that of the probe', () => {
  expect(readFileSync('lambdas/health/ledger-probe.ts', 'utf8')).toContain(`KEYS_PER_PROBE = ${PROBE.keys};`);
  expect(HEALTH.cachedMs).toBe(1_000 * PROBE.keptSeconds);
  expect([CHECKERS, HEARTBEAT_KEYS / PROBE.keys, shardsMet(4)]).toEqual([16, 8, 2.734375]);
});

test('every price names its page', () => {
  for (const { page } of Object.values(PRICES))
    expect(page).toMatch(/^https:\/\/aws\.amazon\.com\/[a-z0-9-]+\/pricing\//);
});

test('--json has the lines, their sums and the prices', async () => {
  const { code, printed } = await baseload(['cost', '--assembly', assembly, '--json']);
  const found = JSON.parse(printed.join(''));
  expect(code).toBe(0);
  expect(found.idle.map(({ usd }: CostLine) => usd).reduce((sum: number, usd: number) => sum + usd, 0)).toBeCloseTo(
    found.idleUsdAMonth,
    1,
  );
  expect(found).toMatchObject({ usdAMonthPerMillionKept: 8.1, pricesNoted: '2026-11-21' });
  expect(found.prices.writeUnit).toMatchObject({ usd: 0.625, per: 1_000_000 });
});

test('no assembly there', async () => {
  expect(await baseload(['cost', '--assembly', '/nowhere'])).toMatchObject({
    code: 2,
    noted: ['baseload: no cloud assembly in /nowhere: make one with npx cdk synth --output /nowhere'],
  });
});
