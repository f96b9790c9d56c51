// Owns the breaker between a worker and the processor: while it is open no request is made, and the worker knows.
// Leaves to policies.ts the numbers, to create-settle-payment-handler.ts what becomes of the messages.
import { type CircuitBreakerPolicy, CircuitState, isBrokenCircuitError } from 'cockatiel';
import { type Processor, ProcessorUnavailable } from '../ports/processor.ts';

export interface GuardedProcessor extends Processor {
  /** Whether requests are held back at the moment. */
  isPaused(): boolean;
}

/** `processor` behind `breaker`; its methods throw ProcessorUnavailable while it is open too. */
export const guardProcessor = (processor: Processor, breaker: CircuitBreakerPolicy): GuardedProcessor => {
  const guarded = async <T>(request: () => Promise<T>): Promise<T> => {
    try {
      return await breaker.execute(request);
    } catch (error) {
      if (!isBrokenCircuitError(error)) throw error;
      throw new ProcessorUnavailable('the processor has failed too often: no request is made for now', {
        cause: error,
      });
    }
  };
  return {
    name: processor.name,
    prepare: (order) => guarded(() => processor.prepare(order)),
    confirm: (reference, order) => guarded(() => processor.confirm(reference, order)),
    lookup: (reference) => guarded(() => processor.lookup(reference)),
    refund: (order) => guarded(() => processor.refund(order)),
    isPaused: () => breaker.state !== CircuitState.Closed,
  };
};
