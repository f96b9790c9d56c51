// Owns how payments of test accounts end: declined for good without asking any processor, so that the books are as before (D25).
// Leaves every other payment to the real processor, and to the worker that both take the same way there.
import { isTestAccount } from '../domain/test-account.ts';
import type { ChargeOrder, ChargeState, Processor, RefundOrder, RefundState, ReportPage } from '../ports/processor.ts';

/** No processor's own reference begins so. */
const REFERENCE_PREFIX = 'test_';

const DECLINED: ChargeState = { kind: 'declined', reason: 'test-account' };

export class TestAccountProcessor implements Processor {
  constructor(private readonly real: Processor) {}

  get name(): string {
    return this.real.name;
  }

  async prepare(order: ChargeOrder): Promise<string> {
    return isTestAccount(order.accountId) ? `${REFERENCE_PREFIX}${order.paymentId}` : this.real.prepare(order);
  }

  async confirm(reference: string, order: ChargeOrder): Promise<ChargeState> {
    return reference.startsWith(REFERENCE_PREFIX) ? DECLINED : this.real.confirm(reference, order);
  }

  async lookup(reference: string): Promise<ChargeState> {
    return reference.startsWith(REFERENCE_PREFIX) ? DECLINED : this.real.lookup(reference);
  }

  refund(order: RefundOrder): Promise<RefundState> {
    return this.real.refund(order);
  }

  report(fromMs: number, toMs: number, cursor?: string): Promise<ReportPage> {
    return this.real.report(fromMs, toMs, cursor);
  }
}
