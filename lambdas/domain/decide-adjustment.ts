// Owns what may happen to an adjustment: made once, reversed once.
// Leaves to the writer that the facts are the whole stream, read strongly.
import type { AdjustAccount, ReverseFact } from './commands.ts';
import { type Decision, factBase, nextPlace, rejected, replayOf, requireEmpty, reversalOf } from './decision.ts';
import type { AccountAdjusted, Fact, FactReversed } from './facts.ts';
import { foldAdjustment } from './fold.ts';
import { adjustmentIdOf } from './ids.ts';
import { adjustmentStream } from './keys.ts';
import { negate, requireAmount } from './money.ts';

export const decideAdjustAccount = (facts: readonly Fact[], command: AdjustAccount): Decision<AccountAdjusted> => {
  const replay = replayOf(facts, command);
  if (replay) return replay;
  const { amountMinor } = command;
  requireAmount(amountMinor < 0n ? negate(amountMinor) : amountMinor, 'an adjustment');
  const adjustmentId = adjustmentIdOf(command.commandId);
  requireEmpty(facts, adjustmentStream(adjustmentId));
  const place = nextPlace(adjustmentStream(adjustmentId), facts, [command.account], command.nowMs);
  if ('kind' in place) return place;
  return {
    kind: 'append',
    fact: {
      ...factBase(command, command.account, place, amountMinor),
      type: 'AccountAdjusted',
      adjustmentId,
      amountMinor,
      reason: command.reason,
    },
  };
};

export const decideReverseOnAdjustment = (facts: readonly Fact[], command: ReverseFact): Decision<FactReversed> => {
  const replay = replayOf(facts, command);
  if (replay) return replay;
  const target = facts.find((fact) => fact.ordinal === command.reversedOrdinal);
  const adjustment = foldAdjustment(facts);
  if (target === undefined || adjustment === undefined)
    return rejected('position-not-found', 'There is no fact at this position');
  if (target.type !== 'AccountAdjusted') return rejected('not-reversible', `A ${target.type} cannot be reversed`);
  if (adjustment.reversed) return rejected('already-reversed', 'The adjustment was reversed already');
  return reversalOf(target.stream, facts, command, negate(target.amountMinor));
};
