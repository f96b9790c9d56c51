// Owns what becomes of stream records that are no new fact: what was damaged, changed or removed is told, and handed to the scrubber.
// Leaves to lambdas/scrub the repair, which comes back through the stream and must not look like what it mends.
import type { DynamoDBRecord } from 'aws-lambda';
import { encodeFact } from '../domain/codec.ts';
import type { Fact } from '../domain/facts.ts';
import { keyOf } from '../domain/keys.ts';
import { CorruptFact } from '../ports/event-log.ts';
import type { Suspects } from '../ports/scrubbing.ts';
import type { ViewStore } from '../ports/view-store.ts';
import { handOver } from '../shared/handing-over.ts';
import { METRICS } from '../shared/metric-names.ts';
import { errorFields, type Telemetry } from '../shared/telemetry.ts';
import type { StreamRecord } from './read-record.ts';

export interface UnfitDeps {
  readonly views: Pick<ViewStore, 'fact'>;
  readonly suspects: Suspects;
  readonly telemetry: Telemetry;
}

interface PlacedRecord {
  readonly index: number;
  readonly record: DynamoDBRecord;
  readonly read: StreamRecord;
}

/** The places of those that are to be delivered again: corrupt ones, on their way to the failure queue, and what could not be judged. */
export const judgeUnfit = async (deps: UnfitDeps, records: readonly PlacedRecord[]): Promise<readonly number[]> => {
  const failed: number[] = [];
  for (const { index, record, read } of records) {
    const sequenceNumber = record.dynamodb?.SequenceNumber;
    switch (read.kind) {
      case 'corrupt': {
        const { accountId, key: factKey, reason } = read.error;
        deps.telemetry.count(METRICS.corruptFact);
        deps.telemetry.error('corrupt fact in the stream', { accountId, factKey, reason, sequenceNumber });
        await handOver(deps, accountId);
        failed.push(index);
        break;
      }
      case 'tampered':
        await tellTampered(deps, read.accountId, read.factKey, sequenceNumber);
        break;
      case 'rewritten': {
        const { accountId } = read.fact;
        try {
          if (await isAsBefore(deps, read.fact))
            deps.telemetry.info('a fact was put back', { accountId, factKey: keyOf(read.fact) });
          else await tellTampered(deps, accountId, keyOf(read.fact), sequenceNumber);
        } catch (error) {
          deps.telemetry.warn('a rewritten fact was not compared', {
            accountId,
            sequenceNumber,
            ...errorFields(error),
          });
          failed.push(index);
        }
        break;
      }
      default:
    }
  }
  return failed;
};

/** The view's copy came when the fact was written: what equals it byte for byte was put back, whoever did it. */
const isAsBefore = async ({ views }: UnfitDeps, fact: Fact): Promise<boolean> => {
  try {
    const before = await views.fact(fact.accountId, keyOf(fact));
    return before !== undefined && encodeFact(before).body === encodeFact(fact).body;
  } catch (error) {
    // Damaged itself: then nothing here says what was there before, and somebody shall look.
    if (error instanceof CorruptFact) return false;
    throw error;
  }
};

const tellTampered = async (
  deps: UnfitDeps,
  accountId: string,
  factKey: string,
  sequenceNumber: string | undefined,
): Promise<void> => {
  deps.telemetry.count(METRICS.tamperedFact);
  deps.telemetry.error('a fact was changed or removed in the ledger', { accountId, factKey, sequenceNumber });
  await handOver(deps, accountId);
};
