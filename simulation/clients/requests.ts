// Owns what a command looks like on the wire.
// Leaves to client.ts when it is sent and how often.
import type { Command } from '../plan/plan.ts';
import type { ApiRequest } from './api-event.ts';
import type { Answer } from './journal.ts';

/** What an earlier command's answer said; the command needs it for its own request. */
export type Known = (id: string) => Answer | undefined;

/** The step that must have been granted before. */
export const dependencyOf = (command: Command): string | undefined => ('of' in command ? command.of : undefined);

/** `otherAmountMinor`: in place of the command's own amount. */
export const requestOf = (id: string, command: Command, known: Known, otherAmountMinor?: number): ApiRequest => {
  const keyed = { 'idempotency-key': id };
  switch (command.kind) {
    case 'open': {
      const { account: accountId } = command;
      const body = { accountId, name: `Payer of ${accountId}`, currency: 'USD', timeZone: 'America/New_York' };
      return { routeKey: 'POST /v1/accounts', body };
    }
    case 'pay': {
      const body = { amountMinor: otherAmountMinor ?? command.amountMinor, currency: 'USD', method: command.method };
      return onAccount(command, 'POST /v1/accounts/{accountId}/payments', body, keyed);
    }
    case 'refund': {
      const body = { amountMinor: otherAmountMinor ?? command.amountMinor, reason: id };
      const paymentId = String(known(command.of)?.body.paymentId);
      const request = onAccount(command, 'POST /v1/accounts/{accountId}/payments/{paymentId}/refunds', body, keyed);
      return { ...request, path: { ...request.path, paymentId } };
    }
    case 'reverse': {
      const body = { position: String(known(command.of)?.body.position), reason: id };
      return onAccount(command, 'POST /v1/accounts/{accountId}/reversals', body, keyed);
    }
    case 'adjust': {
      const body = { amountMinor: otherAmountMinor ?? command.amountMinor, reason: id };
      return onAccount(command, 'POST /v1/accounts/{accountId}/adjustments', body, keyed);
    }
    case 'bill': {
      const lines = [{ description: id, amountMinor: otherAmountMinor ?? command.amountMinor }];
      const body = { period: command.period, dueDate: `${command.period}-28`, lines };
      return onAccount(command, 'POST /v1/accounts/{accountId}/bills', body, keyed);
    }
    case 'contact':
      return onAccount(command, 'PUT /v1/accounts/{accountId}/contact', { email: command.email });
    case 'readings': {
      const { meterId, day, wh } = command;
      const readings = [{ meterId, start: `${day}T00:00:00Z`, durationSeconds: 3_600, wh, quality: 'actual' }];
      return { routeKey: 'POST /v1/readings', body: { readings } };
    }
  }
};

const onAccount = (
  { account: accountId }: { readonly account: string },
  routeKey: ApiRequest['routeKey'],
  body: object,
  headers: Readonly<Record<string, string>> = {},
): ApiRequest => ({ routeKey, path: { accountId }, body, headers });
