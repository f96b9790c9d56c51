// Owns what may happen to the bill of a period: one revision in force at a time, undone once, then issued anew.
// Leaves to the writer that the facts are the whole stream, read strongly.
import type { CreditBill, IssueBill, ReverseFact } from './commands.ts';
import { type Decision, factBase, nextPlace, rejected, replayOf, reversalOf } from './decision.ts';
import type { BillIssued, CreditNoteIssued, Fact, FactReversed } from './facts.ts';
import { foldBill } from './fold.ts';
import { billId } from './ids.ts';
import { billStream } from './keys.ts';
import { negate, sumOf } from './money.ts';

export const decideIssueBill = (facts: readonly Fact[], command: IssueBill): Decision<BillIssued> => {
  const replay = replayOf(facts, command);
  if (replay) return replay;
  const bill = foldBill(facts);
  if (bill?.open)
    return rejected('bill-exists', `${bill.open.billId} is the bill of ${command.period}: credit or reverse it first`);
  const place = nextPlace(billStream(command.period), facts, [command.account], command.nowMs);
  if ('kind' in place) return place;
  const revision = (bill?.latest.revision ?? 0) + 1;
  const totalMinor = sumOf(command.lines.map((line) => line.amountMinor));
  return {
    kind: 'append',
    fact: {
      ...factBase(command, command.account, place, totalMinor),
      type: 'BillIssued',
      billId: billId(command.period, revision),
      period: command.period,
      revision,
      dueDate: command.dueDate,
      lines: command.lines,
      totalMinor,
      ...(command.usage === undefined ? {} : { usage: command.usage }),
    },
  };
};

export const decideCreditBill = (facts: readonly Fact[], command: CreditBill): Decision<CreditNoteIssued> => {
  const replay = replayOf(facts, command);
  if (replay) return replay;
  const bill = foldBill(facts)?.revisions.find(({ fact }) => fact.billId === command.billId);
  if (bill === undefined) return rejected('bill-not-found', `There is no bill ${command.billId} on this account`);
  if (bill.undone) return rejected('already-reversed', `${command.billId} was credited or reversed already`);
  const credited = bill.fact;
  const place = nextPlace(credited.stream, facts, [command.account], command.nowMs);
  if ('kind' in place) return place;
  return {
    kind: 'append',
    fact: {
      ...factBase(command, command.account, place, negate(credited.totalMinor)),
      type: 'CreditNoteIssued',
      billId: credited.billId,
      period: credited.period,
      creditedOrdinal: credited.ordinal,
      totalMinor: credited.totalMinor,
      reason: command.reason,
    },
  };
};

export const decideReverseOnBill = (facts: readonly Fact[], command: ReverseFact): Decision<FactReversed> => {
  const replay = replayOf(facts, command);
  if (replay) return replay;
  const target = facts.find((fact) => fact.ordinal === command.reversedOrdinal);
  if (target === undefined) return rejected('position-not-found', 'There is no fact at this position');
  if (target.type !== 'BillIssued' && target.type !== 'BillReissued')
    return rejected('not-reversible', `A ${target.type} cannot be reversed`);
  const bill = foldBill(facts);
  if (bill?.open?.ordinal !== target.ordinal) {
    return rejected('already-reversed', `${target.billId} was credited or reversed already`);
  }
  return reversalOf(target.stream, facts, command, negate(target.totalMinor));
};
