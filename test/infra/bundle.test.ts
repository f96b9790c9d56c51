import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SLUGS } from '../../lambdas/shared/names.ts';
import { bundleHandlers, bundleOutsidePayer } from '../../lib/bundle.ts';

const bundles = bundleHandlers();

/** Somebody waits for these. */
const BUDGET_BYTES: Readonly<Record<string, number>> = {
  payments: 650_000,
  operations: 720_000,
  lookup: 760_000,
  health: 450_000,
};

describe('the bundles, made for real', () => {
  test.each(SLUGS)('%s is one file with its handler, and a source map', (slug) => {
    expect(readdirSync(bundles[slug]).sort()).toEqual(['index.js', 'index.js.map']);
    const code = readFileSync(join(bundles[slug], 'index.js'), 'utf8');
    expect(code).toMatch(/handler:\(\)=>/);
    // Each kilobyte is read and compiled at a cold start: more than this, and something was bundled that the handler does not need.
    expect(statSync(join(bundles[slug], 'index.js')).size).toBeLessThan(BUDGET_BYTES[slug] ?? 1_050_000);
  });

  test('the payer from outside is one file where Synthetics looks for it', () => {
    const file = join(bundleOutsidePayer(), 'nodejs', 'node_modules', 'index.js');
    expect(readFileSync(file, 'utf8')).toMatch(/handler:\(\)=>/);
    expect(statSync(file).size).toBeLessThan(350_000);
  });

  test('source maps name files of the repository, wherever it is checked out', () => {
    const { sources } = JSON.parse(readFileSync(join(bundles.payments, 'index.js.map'), 'utf8')) as {
      sources: string[];
    };
    expect(sources).toContain('../../../lambdas/payments/handler.ts');
    expect(sources.filter((source) => !source.startsWith('../'))).toEqual([]);
  });

  test('the same sources give the same bytes', () => {
    const bytes = () => SLUGS.map((slug) => readFileSync(join(bundles[slug], 'index.js')).toString('base64'));
    const before = bytes();
    bundleHandlers();
    expect(bytes()).toEqual(before);
  });
});
