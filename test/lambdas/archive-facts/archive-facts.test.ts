// Owns the proof that a seal's facts get into the archive as they were sealed, once, from whichever copy is sound.
import { describe, expect, test } from '@jest/globals';
import { MemoryArchive } from '../../../lambdas/adapters/memory/archive.ts';
import { MemoryEventLog } from '../../../lambdas/adapters/memory/event-log.ts';
import { MemoryQueue } from '../../../lambdas/adapters/memory/queue.ts';
import { MemorySealLog } from '../../../lambdas/adapters/memory/seal-log.ts';
import { MemoryViewStore } from '../../../lambdas/adapters/memory/view-store.ts';
import { createArchiveFactsHandler } from '../../../lambdas/archive-facts/create-archive-facts-handler.ts';
import type { Fact } from '../../../lambdas/domain/facts.ts';
import { ArchiveUnavailable } from '../../../lambdas/ports/archive.ts';
import { createBreaker } from '../../../lambdas/shared/breaker.ts';
import { guardViews } from '../../../lambdas/shared/guarded-views.ts';
import { decodeArchive, encodeArchive } from '../../../lambdas/shared/messages.ts';
import { METRICS } from '../../../lambdas/shared/metric-names.ts';
import { NOON_MS, opened, paid } from '../../contract/facts.ts';
import { sealOf } from '../../contract/seal-facts.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';
import { sqsEventAt } from '../harness/sqs-event.ts';

const FACTS = [opened('us_a'), paid('us_a', 'b'), paid('us_a', 'c')];
const SEAL = sealOf(FACTS);
const MESSAGE = encodeArchive(SEAL.bucket, 1);

const setUp = async (inLedger: readonly Fact[] = FACTS, inView: readonly Fact[] = FACTS) => {
  const clock = new ManualClock(NOON_MS);
  const telemetry = new RecordingTelemetry();
  const seals = new MemorySealLog();
  const ledger = new MemoryEventLog();
  const views = new MemoryViewStore();
  const archive = new MemoryArchive();
  const queue = new MemoryQueue();
  await seals.append(SEAL);
  for (const fact of inLedger) await ledger.append(fact);
  await views.apply(inView);
  const handler = createArchiveFactsHandler({
    seals,
    ledger,
    views: guardViews(views, clock, telemetry),
    archive,
    queue,
    breakers: {
      ledger: createBreaker('ledger', { clock, telemetry }),
      archive: createBreaker('archive', { clock, telemetry }),
    },
    clock,
    random: () => 0.5,
    telemetry,
  });
  const work = (...bodies: readonly string[]) => handler(sqsEventAt(NOON_MS, ...bodies));
  return { work, archive, queue, telemetry, views, ledger };
};

const archived = async (archive: MemoryArchive) => (await archive.read(SEAL.bucket, 1))?.facts.map(({ type }) => type);

describe('a seal’s facts', () => {
  test('are archived once, however often they are asked for', async () => {
    const { work, archive, telemetry } = await setUp();
    expect(await work(MESSAGE, MESSAGE)).toEqual({ batchItemFailures: [] });
    expect(await archived(archive)).toEqual(['AccountOpened', 'PaymentAccepted', 'PaymentAccepted']);
    expect(telemetry.counts.get(METRICS.sealsArchived)).toBe(1);
    expect(telemetry.counts.get(METRICS.archiveDifferences)).toBeUndefined();
  });

  test('come from the ledger where the view lacks them, and from the view where the ledger does', async () => {
    const fromLedger = await setUp(FACTS, []);
    await fromLedger.work(MESSAGE);
    expect(await archived(fromLedger.archive)).toHaveLength(3);
    const fromView = await setUp([], FACTS);
    await fromView.work(MESSAGE);
    expect(await archived(fromView.archive)).toHaveLength(3);
  });

  test('are never a copy that is not what was sealed: it is left aside for the sound one', async () => {
    const changed = { ...paid('us_a', 'b'), method: 'changed' };
    const { work, archive } = await setUp(FACTS, [opened('us_a'), changed, paid('us_a', 'c')]);
    await work(MESSAGE);
    expect(await archived(archive)).toHaveLength(3);
  });

  test('are not archived in part: what is nowhere as it was sealed is named, and the message fails', async () => {
    const { work, archive, telemetry } = await setUp(FACTS.slice(0, 2), []);
    expect(await work(MESSAGE)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(await archive.list(SEAL.bucket, 0, 10)).toEqual([]);
    expect(telemetry.text).toMatch(/fact p#pay_c\w+#000 of account us_a is not in the ledger/);
  });
});

test('an object that is not what its seal says is counted and named, and its message does not come again', async () => {
  const { work, archive, telemetry } = await setUp();
  await work(MESSAGE);
  for (const key of archive.objects.keys()) archive.objects.set(key, 'changed');
  expect(await work(MESSAGE)).toEqual({ batchItemFailures: [] });
  expect(telemetry.counts.get(METRICS.archiveDifferences)).toBe(1);
  expect(telemetry.lines.at(-1)).toMatchObject({
    level: 'error',
    message: 'the archive differs from the ledger',
    fields: { reason: `seal 1 of bucket ${SEAL.bucket}` },
  });
});

test('while the archive is away the work waits and burns no receive', async () => {
  const { work, archive, queue } = await setUp();
  archive.put = async () => {
    throw new ArchiveUnavailable('PutObject failed');
  };
  expect(await work(MESSAGE)).toEqual({ batchItemFailures: [] });
  expect(queue.sent).toHaveLength(1);
});

test('a seal that the ledger does not hold fails', async () => {
  const { work, telemetry } = await setUp();
  expect((await work(encodeArchive(SEAL.bucket, 2))).batchItemFailures).toHaveLength(1);
  expect(telemetry.text).toContain(`there is no seal 2 of bucket ${SEAL.bucket} in the ledger`);
});

test.each([
  '',
  '{}',
  '{"bucket":1,"ordinal":1}',
  '{"kind":"seal","bucket":64,"ordinal":1}',
  '{"kind":"seal","bucket":-1,"ordinal":1}',
  '{"kind":"seal","bucket":1,"ordinal":0}',
  '{"kind":"seal","bucket":1.5,"ordinal":1}',
  '{"kind":"seal","bucket":"1","ordinal":1}',
])('%s is no message', (body) => {
  expect(decodeArchive(body)).toBeUndefined();
});
