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

test('what a turn changed is restored after it, before anyone else begins, and takes none of its time', async () => {
  const order: string[] = [];
  const contender = {
    name: 'a',
    prepare: () => async () => void order.push('a'),
    restore: async () => {
      order.push('restored');
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    },
  };
  const other = { name: 'b', prepare: () => async () => void order.push('b') };
  const [timed] = await interleave([contender, other], { rounds: 1, operations: 2, warmUp: 1 }, () => undefined);
  expect(order).toEqual(['a', 'restored', 'b', 'a', 'a', 'restored', 'b', 'b']);
  // Two operations of nothing in less than the second that was restored are more than two a second.
  expect(timed?.perSecond.median).toBeGreaterThan(2);
});
