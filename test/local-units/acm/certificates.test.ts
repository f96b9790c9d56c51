import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Certificates } from '../../../local/acm/certificates.ts';

const DAY_MS = 86_400_000;
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'baseload-certificates-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const begin = () => {
  let nowMs = Date.UTC(2026, 0, 1);
  const open = () =>
    new Certificates({ certificates: ['arn:one'], file: join(dir, 'kept', 'certificates.json'), nowMs: () => nowMs });
  const daysOf = (certificates: Certificates) => certificates.daysToExpiry().map(({ days }) => days);
  return { open, daysOf, pass: (days: number) => (nowMs += days * DAY_MS) };
};

test('one is valid for 198 days and renewed 45 days before the end, for 198 more', () => {
  const { open, daysOf, pass } = begin();
  const certificates = open();
  expect(certificates.daysToExpiry()).toEqual([{ arn: 'arn:one', days: 198 }]);
  pass(152);
  expect(daysOf(certificates)).toEqual([46]);
  pass(1);
  expect(daysOf(certificates)).toEqual([198]);
});

test('one that is not renewed expires, and then nothing is said of it', () => {
  const { open, daysOf, pass } = begin();
  const certificates = open();
  certificates.stopRenewal();
  pass(168);
  expect(daysOf(certificates)).toEqual([30]);
  pass(29);
  expect(daysOf(certificates)).toEqual([1]);
  pass(1);
  expect(daysOf(certificates)).toEqual([]);
});

test('dates, and that nothing is renewed, outlive the process; renewal goes on when it may', () => {
  const { open, daysOf, pass } = begin();
  open().stopRenewal();
  pass(170);
  const later = open();
  expect(daysOf(later)).toEqual([28]);
  later.resumeRenewal();
  expect(daysOf(later)).toEqual([198]);
  expect(daysOf(open())).toEqual([198]);
});
