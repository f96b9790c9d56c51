import { expect, test } from '@jest/globals';
import { interleave } from '../../bench/harness/interleave.ts';

test('contenders take turns, another one begins each round, and no number comes twice', async () => {
  const order: string[] = [];
  const numbers = new Set<number>();
  const contender = (name: string) => ({
    name,
    prepare: (n: number) => async () => {
      order.push(name);
      numbers.add(n);
    },
  });
  const timed = await interleave(
    [contender('a'), contender('b')],
    { rounds: 2, operations: 2, warmUp: 1, from: 100 },
    () => undefined,
  );
  expect(order.join('')).toBe('ab' + 'aabb' + 'bbaa');
  expect([...numbers]).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108, 109]);
  expect(timed.map(({ name, rates }) => [name, rates.length])).toEqual([
    ['a', 2],
    ['b', 2],
  ]);
});

test('an operation that fails ends the measurement', async () => {
  const broken = { name: 'broken', prepare: () => () => Promise.reject(new Error('refused')) };
  await expect(interleave([broken], { rounds: 1, operations: 1, warmUp: 0 }, () => undefined)).rejects.toThrow(
    'refused',
  );
});
