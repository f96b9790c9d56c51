// Owns how every command on a payment begins: what is stored under its key comes first, then that there is such a payment.
// Leaves to decide-payment.ts and decide-settlement.ts what may happen to it.
import type { Command } from './commands.ts';
import { type Decision, rejected, replayOf } from './decision.ts';
import type { Fact } from './facts.ts';
import { foldPayment, type PaymentState } from './fold.ts';

export const onPayment = <F extends Fact>(
  facts: readonly Fact[],
  command: Command,
  decide: (payment: PaymentState) => Decision<F>,
): Decision<F> => {
  const replay = replayOf(facts, command);
  if (replay) return replay;
  const payment = foldPayment(facts);
  return payment === undefined
    ? rejected('payment-not-found', 'There is no such payment on this account')
    : decide(payment);
};
