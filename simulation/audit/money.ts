// Owns what must hold between ledger and processor: everything collected once, under the recorded reference, and concluded.
// Leaves to books.ts the ledger alone.
import type { SimulatedProcessor } from '../stores/processor.ts';
import type { Report } from './invariants.ts';
import { booked, type Committed, groupBy, paymentsOf, type RawFact } from './raw-fact.ts';

/** At any time. */
export const checkCharges = (committed: readonly Committed[], { book }: SimulatedProcessor, report: Report): void => {
  const confirmed = [...book.charges].filter(([, { state }]) => state.kind !== 'unconfirmed');
  const byPayment = groupBy(confirmed, ([, { order }]) => order.paymentId);
  for (const [paymentId, charges] of byPayment) {
    if (charges.length > 1) report('charged once', `${charges.length} charges of ${paymentId} were confirmed`);
    const started = committed.find(({ fact }) => fact.type === 'ChargeStarted' && fact.paymentId === paymentId);
    for (const [reference] of charges)
      if (started?.fact.reference !== reference)
        report(
          'only the recorded charge',
          `${reference} of ${paymentId} was confirmed, the ledger has ${started?.fact.reference ?? 'none'}`,
        );
  }
};

/** Once everything has converged. */
export const checkConcluded = (committed: readonly Committed[], { book }: SimulatedProcessor, report: Report): void => {
  for (const [payment, facts] of paymentsOf(committed)) {
    const has = (type: string): boolean => facts.some((fact) => fact.type === type);
    const toCollect = booked(facts, 'payments-clearing');
    const toSendBack = booked(facts, 'refunds-clearing');
    const isOpen = has('ChargeStarted') && !has('PaymentSettled') && !has('PaymentDeclined');
    if (toCollect !== 0 || toSendBack !== 0 || isOpen)
      report(
        'every payment is concluded',
        `${payment}: ${toCollect} to collect, ${toSendBack} to send back${isOpen ? ', its charge open' : ''}`,
      );
    const cash = collectedOf(facts, book) - sentBackOf(facts, book);
    if (booked(facts, 'cash') !== cash)
      report('processor and ledger agree', `${payment}: cash ${booked(facts, 'cash')}, at the processor ${cash}`);
  }
};

type Book = SimulatedProcessor['book'];

const collectedOf = ([fact]: readonly RawFact[], { charges }: Book): number =>
  [...charges.values()]
    .filter(({ order }) => order.paymentId === fact?.paymentId)
    .reduce((sum, { state }) => sum + (state.kind === 'collected' ? Number(state.amountMinor) : 0), 0);

const sentBackOf = ([fact]: readonly RawFact[], { refunds, charges }: Book): number =>
  [...refunds.values()]
    .filter(({ charge }) => charges.get(charge)?.order.paymentId === fact?.paymentId)
    .reduce((sum, { amountMinor }) => sum + Number(amountMinor), 0);
