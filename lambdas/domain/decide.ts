// Owns the one entry to every rule about money: what a command does to the stream as it was read.
// Leaves to the writer the reading and the put, and to time to be handed in.
import { assertNever } from './brand.ts';
import type { Command, ReverseFact } from './commands.ts';
import { decideOpenAccount } from './decide-account.ts';
import { decideAdjustAccount, decideReverseOnAdjustment } from './decide-adjustment.ts';
import { decideCreditBill, decideIssueBill, decideReverseOnBill } from './decide-bill.ts';
import { decideRecordDifference } from './decide-difference.ts';
import {
  decideDeclinePayment,
  decidePostPayment,
  decideRefundPayment,
  decideReverseOnPayment,
} from './decide-payment.ts';
import { decideReissueBill } from './decide-rebill.ts';
import {
  decideFailRefund,
  decideSettlePayment,
  decideSettleRefund,
  decideStartCharge,
  decideStartRefund,
} from './decide-settlement.ts';
import { type Decision, rejected } from './decision.ts';
import type { Fact } from './facts.ts';

/** `facts`: the whole stream that the command is about. Dedupe comes first, then the rules, then the next ordinal. */
export const decide = (facts: readonly Fact[], command: Command): Decision => {
  switch (command.type) {
    case 'OpenAccount':
      return decideOpenAccount(facts, command);
    case 'IssueBill':
      return decideIssueBill(facts, command);
    case 'ReissueBill':
      return decideReissueBill(facts, command);
    case 'CreditBill':
      return decideCreditBill(facts, command);
    case 'PostPayment':
      return decidePostPayment(facts, command);
    case 'DeclinePayment':
      return decideDeclinePayment(facts, command);
    case 'RefundPayment':
      return decideRefundPayment(facts, command);
    case 'StartCharge':
      return decideStartCharge(facts, command);
    case 'SettlePayment':
      return decideSettlePayment(facts, command);
    case 'StartRefund':
      return decideStartRefund(facts, command);
    case 'SettleRefund':
      return decideSettleRefund(facts, command);
    case 'FailRefund':
      return decideFailRefund(facts, command);
    case 'RecordDifference':
      return decideRecordDifference(facts, command);
    case 'AdjustAccount':
      return decideAdjustAccount(facts, command);
    case 'ReverseFact':
      return decideReverse(facts, command);
    default:
      return assertNever(command, 'command');
  }
};

const decideReverse = (facts: readonly Fact[], command: ReverseFact): Decision => {
  switch (facts[0]?.stream[0]) {
    case 'p':
      return decideReverseOnPayment(facts, command);
    case 'b':
      return decideReverseOnBill(facts, command);
    case 'x':
      return decideReverseOnAdjustment(facts, command);
    case undefined:
      return rejected('position-not-found', 'There is no fact at this position');
    case 'd':
      return rejected('not-reversible', 'A DifferenceFound cannot be reversed');
    case 'r':
      return rejected('not-reversible', 'A FactRepaired cannot be reversed');
    default:
      return rejected('not-reversible', 'The opening of an account cannot be reversed');
  }
};
