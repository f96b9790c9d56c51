// Owns the one screen of a running pair of Regions: where everything is, three things to try, how to stop.
// Leaves to progress.ts the way there, and to the supervisor what happens later.
import type { Colors } from 'picocolors/types';

export interface ReadyFacts {
  readonly ready: true;
  readonly readyMs: number;
  readonly api: string;
  readonly regions: Readonly<Record<string, string>>;
  readonly dns: string;
  readonly hostname: string;
  readonly control: string;
}

export interface ScreenFacts extends ReadyFacts {
  readonly answer: { readonly region: string; readonly ttlSeconds: number } | undefined;
  readonly demoAccount: string;
  /** Their meter files are being stored while the screen is shown. */
  readonly meteredHomes: readonly { readonly accountId: string; readonly period: string }[];
  /** For all these accounts: may read and pay. */
  readonly token: string;
  /** Undefined when it is temporary. */
  readonly dataDir: string | undefined;
}

export const screenText = (facts: ScreenFacts, colors: Colors): string => {
  const { api, control, token, demoAccount } = facts;
  const row = (label: string, value: string): string => `  ${colors.dim(label.padEnd(10))} ${value}`;
  const answering = facts.answer?.region ?? Object.keys(facts.regions)[0] ?? '';
  const account = `${api}/v1/accounts/${demoAccount}`;
  return [
    '',
    `  ${colors.bold('Baseload')} runs in ${Object.keys(facts.regions).length} Regions ${colors.dim(`(ready in ${(facts.readyMs / 1000).toFixed(1)} s)`)}`,
    '',
    row('api', `${colors.cyan(api)}  what payers use: follows DNS for ${facts.hostname}`),
    ...Object.entries(facts.regions).map(([region, url]) => row(region, url)),
    row('dns', `${facts.dns}  answers ${colors.green(answering)}, TTL ${facts.answer?.ttlSeconds ?? 0} s`),
    row('control', `${colors.cyan(control)}  the control room: open it in a browser`),
    row('data', facts.dataDir ?? 'temporary, gone at the end (keep it with --data-dir DIR)'),
    '',
    `  A token for the demo customer ${colors.bold(demoAccount)}, 35 real gas bills:`,
    `  TOKEN=${token}`,
    '',
    '  1. look up what they owe',
    `  curl -s -H "Authorization: Bearer $TOKEN" ${account}`,
    '  2. pay one bill',
    `  curl -s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -H 'Idempotency-Key: my-first-payment' -d '{"amountMinor":5100,"currency":"USD","method":"card"}' ${account}/payments`,
    `  3. kill the Region that answers, then pay and look up again through the same address`,
    `  curl -s -X POST ${control}/api/regions/${answering}/kill`,
    '',
    '  Two more homes are billed from real meter files, stored within seconds from now: what a month of each comes to',
    ...facts.meteredHomes.map(
      ({ accountId, period }) =>
        `  curl -s -H "Authorization: Bearer $TOKEN" '${api}/v1/accounts/${accountId}/bills/preview?period=${period}'`,
    ),
    '',
    `  ${colors.dim('Ctrl-C stops everything.')}`,
    '',
  ].join('\n');
};
