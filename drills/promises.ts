// Owns what drills promise of payers and their money, each with its number.
// Leaves to the scenarios which of them hold for what goes wrong there.
import { PAYER_TITLES, type PayerKind } from './load/payer.ts';
import type { Measured } from './measure.ts';
import type { Promised } from './scenario.ts';

const none = (says: string, count: (measured: Measured) => number | null): Promised => ({
  says,
  keeps: (measured) => {
    const counted = count(measured);
    return { kept: counted === 0, measured: counted === null ? 'not counted' : String(counted) };
  },
});

/** Promise 1, and that both Regions end with the same. */
export const MONEY: readonly Promised[] = [
  none('No acknowledged payment is lost', ({ lost }) => lost),
  none('No payment is in the ledger twice', ({ doubled }) => doubled),
  none('No payment is in the ledger under another id than its payer was told', ({ misnamed }) => misnamed),
  none('No payment is charged twice by the processor', ({ chargedTwice }) => chargedTwice),
  none('No payer is left without an answer', ({ unknown }) => unknown),
  {
    says: "Both Regions' views show each account's balance as its payers paid it",
    keeps: ({ viewsAgree }) => ({ kept: viewsAgree, measured: viewsAgree ? 'they do' : 'they do not' }),
  },
];

/** For scenarios that wait for it. */
export const allSettled: Promised = {
  says: 'Every payment is settled by the processor in the end',
  keeps: ({ payments, settled }) => ({ kept: settled === payments, measured: `${settled} of ${payments}` }),
};

export const noRefusalSinceHealed: Promised = none(
  'Nobody is refused once the faults are over',
  ({ refusedSinceHealed }) => refusedSinceHealed,
);

export const neverRefused = (kind: PayerKind): Promised => ({
  says: `Every payment is acknowledged at its first sending (${PAYER_TITLES[kind]})`,
  keeps: ({ payers }) => {
    const { availability } = payers[kind];
    return { kept: availability === 1, measured: `${(availability * 100).toFixed(1)} %` };
  },
});

/** Of the requests of payers who see each failure: the client library tries again by itself. */
export const fewerFailThan = (share: number): Promised => ({
  says: `Fewer than ${share * 100} % of requests over DNS fail from the fault on`,
  keeps: ({ failedShare }) => ({ kept: failedShare < share, measured: `${(failedShare * 100).toFixed(2)} %` }),
});

export const staysHome: Promised = {
  says: 'DNS goes on answering with the nearest Region',
  keeps: ({ dnsMovedMs }) => ({ kept: dnsMovedMs === null, measured: dnsMovedMs === null ? 'it did' : 'it moved' }),
};

export const rpoZero: Promised = none(
  'RPO is 0: the Region that is left has every acknowledged payment',
  (m) => m.rpoFacts,
);

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export const waitsUnder = (kind: PayerKind, mostMs: number): Promised => ({
  says: `Nobody waits ${seconds(mostMs)} (${PAYER_TITLES[kind]})`,
  keeps: ({ payers }) => {
    const { rtoMs } = payers[kind];
    return { kept: rtoMs !== null && rtoMs < mostMs, measured: rtoMs === null ? 'not all were paid' : seconds(rtoMs) };
  },
});

/** Of a fault behind the payers' backs, or beside them. A connection that was kept may be lost once. */
export const NOBODY_NOTICES: readonly Promised[] = [
  neverRefused('dns'),
  neverRefused('library'),
  waitsUnder('dns', 3_000),
  waitsUnder('library', 2_000),
];

/** Promise 2, of a lost Region. */
export const SECONDS_ONLY: readonly Promised[] = [
  waitsUnder('dns', 30_000),
  waitsUnder('dns-kept', 30_000),
  waitsUnder('library', 2_000),
];
