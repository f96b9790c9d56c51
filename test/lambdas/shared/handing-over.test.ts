import { expect, test } from '@jest/globals';
import { MemoryEventLog } from '../../../lambdas/adapters/memory/event-log.ts';
import { MemoryScrubbing } from '../../../lambdas/adapters/memory/scrubbing.ts';
import { keyOf } from '../../../lambdas/domain/keys.ts';
import { RegionStateUnavailable } from '../../../lambdas/ports/region-state.ts';
import { handingOver } from '../../../lambdas/shared/handing-over.ts';
import { account, opened, paid } from '../../contract/facts.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';
import { HARM } from '../scrub/damage.ts';

const payment = paid('us_a', 'b');
const damaged = async () => {
  const ledger = new MemoryEventLog();
  for (const fact of [opened('us_a'), payment]) await ledger.append(fact);
  HARM['a flipped bit in the body']?.(ledger.accounts.get('us_a') ?? new Map(), keyOf(payment));
  return ledger;
};
const read = (ledger: MemoryEventLog, fact = payment) => ledger.readFact(account('us_a'), keyOf(fact));

test('who meets a corrupt fact gets the same error, and the account is suspected', async () => {
  const suspects = new MemoryScrubbing();
  const ledger = handingOver(await damaged(), { suspects, telemetry: new RecordingTelemetry() });
  await expect(read(ledger)).rejects.toThrow(
    /^fact p#pay_ba+#000 of account us_a is corrupt: its checksum does not match/,
  );
  await expect(ledger.append(payment)).rejects.toThrow(/is corrupt/);
  expect(await suspects.suspects()).toEqual(['us_a']);
});

test('what is sound is served, and nobody is suspected', async () => {
  const suspects = new MemoryScrubbing();
  const ledger = handingOver(await damaged(), { suspects, telemetry: new RecordingTelemetry() });
  expect((await ledger.readFact(account('us_a'), keyOf(opened('us_a'))))?.type).toBe('AccountOpened');
  expect(await suspects.suspects()).toEqual([]);
});

test('a Region that cannot hand over says so, and the reader still gets its own error', async () => {
  const telemetry = new RecordingTelemetry();
  const suspects = { suspect: () => Promise.reject(new RegionStateUnavailable('throttled')) };
  await expect(read(handingOver(await damaged(), { suspects, telemetry }))).rejects.toThrow(/is corrupt/);
  expect(telemetry.lines.map(({ message }) => message)).toEqual(['not handed to the scrubber']);
});
