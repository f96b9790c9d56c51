import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HttpProcessor } from '../../lambdas/adapters/http-processor.ts';
import { MemoryProcessor } from '../../lambdas/adapters/memory/processor.ts';
import { type LocalProcessor, startProcessor } from '../../local/processor/start-processor.ts';
import { order, processorBooks, processorShape } from './processor.contract.ts';

const METHODS = { good: 'card', refused: 'decline_insufficient_funds' };

describe('the processor in memory', () => {
  const memory = new MemoryProcessor();
  memory.declines.set('decline_insufficient_funds', 'insufficient-funds');
  processorShape(() => memory, METHODS);
  processorBooks(() => memory, METHODS);
});

describe('the local processor over HTTP', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'baseload-processor-'));
  let local: LocalProcessor;
  beforeAll(async () => {
    local = await startProcessor({ port: 0, dataDir, machineMs: Date.now });
  });
  afterAll(async () => {
    await local.stop();
    rmSync(dataDir, { recursive: true });
  });
  const open = () => new HttpProcessor({ url: local.url, timeoutMs: 500 });
  processorShape(open, METHODS);
  processorBooks(open, METHODS);

  const admin = (path: string, body: object) =>
    fetch(`${local.url}/admin/${path}`, { method: 'POST', body: JSON.stringify(body) });
  const unavailable = (message: RegExp) => ({
    name: 'ProcessorUnavailable',
    message: expect.stringMatching(message),
  });

  test.each(['error', 'error-after', 'silent', 'lost-answer'] as const)(
    'a confirm that ends in %s decides nothing, and a lookup tells',
    async (kind) => {
      const reference = await open().prepare(order('h', 'card'));
      await admin('faults', { kind, on: 'confirm', count: 1 });
      await expect(open().confirm(reference)).rejects.toMatchObject(unavailable(/confirm was (not )?answered/));
      const isDone = kind === 'error-after' || kind === 'lost-answer';
      expect((await open().lookup(reference)).kind).toBe(isDone ? 'collected' : 'unconfirmed');
    },
  );

  test('a saved 500 is replayed for a day; then the refund is found, or sent for the first time', async () => {
    for (const [kind, tag] of [
      ['error', 'i'],
      ['error-after', 'j'],
    ] as const) {
      const charge = await open().prepare(order(tag, 'card'));
      await open().confirm(charge);
      const refund = { charge, reference: `pay_${tag}_3`, amountMinor: order(tag, 'card').amountMinor };
      await admin('faults', { kind, on: 'refund', count: 1 });
      await expect(open().refund(refund)).rejects.toMatchObject(unavailable(/refunds was answered 500/));
      if (kind === 'error') await expect(open().refund(refund)).rejects.toMatchObject(unavailable(/answered 500/));
      await admin('clock', { advanceSeconds: 90_000 });
      expect(await open().refund(refund)).toEqual({ kind: 'sent' });
      await admin('clock', { advanceSeconds: 90_000 });
      expect(await open().refund(refund)).toEqual({ kind: 'sent' });
      const books = (await (await fetch(`${local.url}/admin/books`)).json()) as { refunds: { charge: string }[] };
      expect(books.refunds.filter((one) => one.charge === charge)).toHaveLength(1);
    }
  });

  test('while it is down every request decides nothing', async () => {
    await admin('weather', { isDown: true });
    await expect(open().prepare(order('k', 'card'))).rejects.toMatchObject(unavailable(/answered 503/));
    await admin('weather', { isDown: false });
  });

  test('while it has left nobody listens at its port, and when it is back it knows what it knew', async () => {
    const reference = await open().prepare(order('n', 'card'));
    await local.leave();
    await local.leave();
    await expect(open().confirm(reference)).rejects.toMatchObject(unavailable(/confirm was not answered$/));
    await local.comeBack();
    await local.comeBack();
    expect(await open().lookup(reference)).toEqual({ kind: 'unconfirmed' });
  });

  test('a decline for a reason on no list is no decline', async () => {
    const reference = await open().prepare(order('l', 'decline_bad_mood'));
    await expect(open().confirm(reference)).rejects.toMatchObject(
      unavailable(/declined for bad-mood, which is on no list/),
    );
  });

  test('its books survive its process', async () => {
    const reference = await open().prepare(order('m', 'card'));
    await open().confirm(reference);
    await local.stop();
    local = await startProcessor({ port: 0, dataDir, machineMs: Date.now });
    expect(await open().lookup(reference)).toEqual({ kind: 'collected', amountMinor: 1_250n });
  });
});
