// Owns the proof that the places where bugs are planted are still there, each exactly once.
// Leaves the hunt for all of them to `npm run simulate -- --mutants`.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { MUTANTS } from '../../simulation/mutants/mutants.ts';

const ROOT = new URL('../../', import.meta.url);

describe('planted bugs', () => {
  test('are at least 20, each with a name of its own', () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(20);
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  });

  test.each(MUTANTS)('$name: $file has the place once', ({ file, find, replace }) => {
    const text = readFileSync(new URL(file, ROOT), 'utf8');
    expect(text.split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
  });
});
