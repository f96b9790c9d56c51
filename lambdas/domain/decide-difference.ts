// Owns how a difference is recorded: once for its day, reference and kind, behind whatever its stream holds by then.
// Leaves to reconcile.ts what a difference is. It books nothing, so nothing else is decided otherwise for it.
import type { RecordDifference } from './commands.ts';
import { type Decision, factBase, nextPlace, replayOf } from './decision.ts';
import type { DifferenceFound, Fact } from './facts.ts';
import { differenceStream, paymentStream } from './keys.ts';
import { ZERO } from './money.ts';

export const decideRecordDifference = (
  facts: readonly Fact[],
  command: RecordDifference,
): Decision<DifferenceFound> => {
  const replay = replayOf(facts, command);
  if (replay) return replay;
  const { difference } = command;
  const { paymentId } = difference;
  const stream = paymentId === undefined ? differenceStream(command.commandId) : paymentStream(paymentId);
  const place = nextPlace(stream, facts, [], command.nowMs);
  if ('kind' in place) return place;
  return {
    kind: 'append',
    fact: { ...difference, ...factBase(command, command, place, ZERO), type: 'DifferenceFound' },
  };
};
