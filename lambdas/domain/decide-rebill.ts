// Owns the correction of a bill: the revision in force credited and the next one issued, in one fact, so that neither stands alone.
// Leaves to rating what the new lines are, and to decide-bill.ts first bills and plain reversals.
import type { ReissueBill } from './commands.ts';
import { type Decision, factBase, nextPlace, rejected, replayOf } from './decision.ts';
import type { BillReissued, Fact } from './facts.ts';
import { foldBill } from './fold.ts';
import { billId } from './ids.ts';
import { minor, negate, sumOf } from './money.ts';
import { postingsOf } from './postings.ts';

export const decideReissueBill = (facts: readonly Fact[], command: ReissueBill): Decision<BillReissued> => {
  const replay = replayOf(facts, command);
  if (replay) return replay;
  const bill = foldBill(facts);
  const credited = bill?.revisions.find(({ fact }) => fact.billId === command.billId);
  if (bill === undefined || credited === undefined) {
    return rejected('bill-not-found', `There is no bill ${command.billId} on this account`);
  }
  if (credited.undone) return rejected('already-reversed', `${command.billId} was credited or reversed already`);
  const { period, stream, ordinal, totalMinor: creditedMinor } = credited.fact;
  const place = nextPlace(stream, facts, [command.account], command.nowMs);
  if ('kind' in place) return place;
  const revision = bill.latest.revision + 1;
  const totalMinor = sumOf(command.lines.map((line) => line.amountMinor));
  return {
    kind: 'append',
    fact: {
      ...factBase(command, command.account, place, minor(totalMinor - creditedMinor)),
      // Both documents are booked as the two entries they are, also where they cancel out.
      postings: [...postingsOf(negate(creditedMinor), 'revenue'), ...postingsOf(totalMinor, 'revenue')],
      type: 'BillReissued',
      billId: billId(period, revision),
      period,
      revision,
      dueDate: command.dueDate,
      lines: command.lines,
      totalMinor,
      usage: command.usage,
      creditedOrdinal: ordinal,
      creditedBillId: credited.fact.billId,
      creditedMinor,
      reason: command.reason,
    },
  };
};
