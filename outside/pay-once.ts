// Owns one payment as a payer makes it from another Region: once, asked for twice, and seen by the next lookup.
// Leaves to handler.ts whose account and which hostname, to lambdas/settle-payment that nobody is charged for it.

export interface Outside {
  /** What payers use, as `https://billing.example.com`. */
  readonly origin: string;
  readonly accountId: string;
  readonly currency: string;
  /** Runs of the same slot are the same payment, whoever starts them again. */
  readonly slotMs: number;
}

const TIMEOUT_MS = 10_000;

/** @throws Error naming the step that failed and what was answered; tokens are in no message */
export const payOnce = async (outside: Outside, token: string, nowMs: number): Promise<void> => {
  const { origin, accountId, currency, slotMs } = outside;
  const path = `${origin}/v1/accounts/${encodeURIComponent(accountId)}/payments`;
  const authorization = `Bearer ${token}`;
  const pay = (what: string) =>
    ask(what, path, 201, {
      method: 'POST',
      headers: {
        authorization,
        'content-type': 'application/json',
        'idempotency-key': `outside-${Math.floor(nowMs / slotMs)}`,
      },
      body: JSON.stringify({ amountMinor: 1, currency, method: 'test_account' }),
    });
  const first = await pay('pay');
  const again = await pay('pay again with the same key');
  if (again.paymentId !== first.paymentId)
    throw new Error(`one key made two payments: ${String(first.paymentId)} and ${String(again.paymentId)}`);
  const seen = await ask('look the payment up', `${path}/${String(first.paymentId)}`, 200, {
    headers: { authorization, 'baseload-after': String(first.position) },
  });
  if (seen.paymentId !== first.paymentId)
    throw new Error(`asked for payment ${String(first.paymentId)}, got ${String(seen.paymentId)}`);
};

const ask = async (
  what: string,
  url: string,
  expected: number,
  init: RequestInit,
): Promise<Readonly<Record<string, unknown>>> => {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: Error) => {
    throw new Error(`${what}: no answer: ${error.message}`);
  });
  const text = await answer.text();
  if (answer.status !== expected)
    throw new Error(`${what}: answered ${answer.status} instead of ${expected}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
};
