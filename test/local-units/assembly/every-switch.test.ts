// Owns the proof that an assembly with every switch on runs here as well: experiments and the third Region are left out.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { buildApp } from '../../../lib/app.ts';
import { readConfig } from '../../../lib/config.ts';
import { readAssembly } from '../../../local/assembly/read-assembly.ts';

const outdir = mkdtempSync(join(tmpdir(), 'baseload-game-days-'));
afterAll(() => rmSync(outdir, { recursive: true }));

test('no schedule starts an experiment here, and every function is there', () => {
  const config = readConfig('baseload.config.json');
  const switches = {
    gameDays: { schedule: { weekday: 'TUE', hourUtc: 13 } },
    outsidePayer: { account: 'us_test-a', currency: 'USD', everyMinutes: 10 },
  } as const;
  buildApp({ config: { ...config, ...switches }, outdir }).synth();
  const plan = readAssembly(outdir);
  expect(plan.regions.map(({ region }) => region)).toEqual(['us-east-1', 'us-west-2']);
  for (const { schedules, functions, buckets } of plan.regions) {
    expect(schedules.map(({ name }) => name).filter((name) => /paused|refused|unanswered|slow/.test(name))).toEqual([]);
    expect(schedules.length).toBeGreaterThan(5);
    expect(functions.map(({ name }) => name)).toContain('baseload-us-payments');
    expect(buckets.some(({ name }) => name.includes('-faults-'))).toBe(true);
  }
}, 60_000);
