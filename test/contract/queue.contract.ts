// Owns what a queue must do for those who hand work on, whichever store holds it.
import { expect, test } from '@jest/globals';
import type { Queue } from '../../lambdas/ports/queue.ts';

export interface OpenQueue {
  readonly queue: Queue;
  /** Bodies that can be seen now, whatever their order. */
  visible(): Promise<readonly string[]>;
}

/** `open` gives an empty queue. */
export const queueContract = (open: () => Promise<OpenQueue>): void => {
  test('what was sent is there, in batches of any size', async () => {
    const { queue, visible } = await open();
    const bodies = Array.from({ length: 23 }, (_, index) => `{"n":${index}}`);
    expect(await queue.send(bodies.map((body) => ({ body })))).toEqual({ failed: [] });
    expect([...(await visible())].sort()).toEqual([...bodies].sort());
  });

  test('nothing to send is nothing sent', async () => {
    const { queue, visible } = await open();
    expect(await queue.send([])).toEqual({ failed: [] });
    expect(await visible()).toEqual([]);
  });

  test('text of any language comes as it was sent', async () => {
    const { queue, visible } = await open();
    await queue.send([{ body: 'é 日本 \n "x"' }]);
    expect(await visible()).toEqual(['é 日本 \n "x"']);
  });

  test.each([
    [{ body: '' }, 'a message has 1 to 1048576 bytes, got 0'],
    [{ body: 'x'.repeat(1_048_577) }, 'a message has 1 to 1048576 bytes, got 1048577'],
    [{ body: 'x', delaySeconds: 901 }, 'a delay is 0 to 900 whole seconds, got 901'],
    [{ body: 'x', delaySeconds: 0.5 }, 'a delay is 0 to 900 whole seconds, got 0.5'],
  ])('what no queue takes is refused before anything is sent (%#)', async (message, error) => {
    const { queue, visible } = await open();
    await expect(queue.send([{ body: 'fine' }, message])).rejects.toThrow(error);
    expect(await visible()).toEqual([]);
  });
};
