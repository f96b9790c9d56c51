// Owns random valid histories: what the rules grant of a random run of commands on one account.
// Leaves to the tests what must hold of any of them.
import fc from 'fast-check';
import type { Command } from '../../lambdas/domain/commands.ts';
import { decide } from '../../lambdas/domain/decide.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { billId, type Period } from '../../lambdas/domain/ids.ts';
import type { StreamId } from '../../lambdas/domain/keys.ts';
import {
  account,
  adjust,
  creditBill,
  decline,
  issueBill,
  NOON_MS,
  pay,
  refund,
  reissueBill,
  reverse,
} from './commands.ts';
import { nextCommand } from './settling.ts';

const PERIODS = ['2026-07', '2026-08', '2026-09', '2026-10', '2026-11'] as const;

interface Step {
  readonly kind:
    | 'pay'
    | 'bill'
    | 'adjust'
    | 'refund'
    | 'decline'
    | 'credit'
    | 'rebill'
    | 'reverse'
    | 'process'
    | 'refuse';
  readonly amount: number;
  /** Chooses among the streams or periods there are. */
  readonly pick: number;
  readonly ordinal: number;
  /** Since the step before; negative, as between two Regions' clocks. */
  readonly laterMs: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    'pay',
    'bill',
    'adjust',
    'refund',
    'decline',
    'credit',
    'rebill',
    'reverse',
    'process',
    'refuse',
  ),
  amount: fc.integer({ min: 1, max: 2000 }),
  pick: fc.nat({ max: 99 }),
  ordinal: fc.nat({ max: 4 }),
  laterMs: fc.oneof(fc.integer({ min: -500, max: 3_600_000 }), fc.constant(0)),
});

type Streams = ReadonlyMap<StreamId, readonly Fact[]>;

/** The stream a step is about (empty for a new one) and the command on it; undefined when there is nothing to be about. */
const commandOf = (
  { kind, amount, pick, ordinal }: Step,
  key: string,
  nowMs: number,
  streams: Streams,
): readonly [readonly Fact[], Command] | undefined => {
  const size = BigInt(amount);
  const sent = { key, nowMs };
  const some = (...prefixes: readonly string[]) => {
    const found = [...streams.values()].filter(([first]) => prefixes.includes(first?.stream[0] ?? ''));
    return found[pick % found.length];
  };
  const on = (facts: readonly Fact[] | undefined, command: Command) => facts && ([facts, command] as const);
  switch (kind) {
    case 'pay':
      return [[], pay(size, sent)];
    case 'adjust':
      return [[], adjust(pick % 2 === 0 ? size : -size, sent)];
    case 'bill': {
      const period = PERIODS[pick % PERIODS.length] as Period;
      // One in five is in the payer's favour or over nothing.
      const total = pick % 5 === 4 ? (pick % 2 === 0 ? 0n : -size) : size;
      return [streams.get(`b#${period}` as StreamId) ?? [], issueBill(period, [total - 7n, 7n], sent)];
    }
    case 'refund':
      return on(some('p'), refund(size, sent));
    case 'decline':
      return on(some('p'), decline(sent));
    case 'process':
    case 'refuse': {
      const facts = some('p');
      const command = facts && nextCommand(facts, sent, kind === 'refuse');
      return command && [facts, command];
    }
    case 'credit': {
      const facts = some('b');
      return on(facts, creditBill(billId(PERIODS[pick % PERIODS.length] as Period, (ordinal % 2) + 1), sent));
    }
    case 'rebill': {
      const facts = some('b');
      const period = facts?.[0]?.stream.slice(2) as Period;
      return on(facts, reissueBill(billId(period, (ordinal % 3) + 1), [pick % 5 === 4 ? 0n : size], sent));
    }
    case 'reverse':
      return on(some('b', 'p', 'x'), reverse(ordinal, sent));
  }
};

const grantedOf = (steps: readonly Step[]): readonly Fact[] => {
  const streams = new Map<StreamId, readonly Fact[]>([[account.stream, [account]]]);
  let nowMs = NOON_MS;
  for (const [index, step] of steps.entries()) {
    nowMs = Math.max(NOON_MS, nowMs + step.laterMs);
    const wanted = commandOf(step, `step ${index}`, nowMs, streams);
    const decision = wanted && decide(...wanted);
    if (decision?.kind !== 'append') continue;
    const { fact } = decision;
    streams.set(fact.stream, [...(streams.get(fact.stream) ?? []), fact]);
  }
  return [...streams.values()].flat();
};

/** Facts of one account, stream by stream and each by ordinal, the opening first. */
export const history: fc.Arbitrary<readonly Fact[]> = fc.array(step, { maxLength: 40 }).map(grantedOf);

/** The facts in another order, some of them several times: what an at-least-once delivery may bring. */
export const disordered = (facts: readonly Fact[]): fc.Arbitrary<readonly Fact[]> =>
  fc.tuple(fc.array(fc.nat(), { maxLength: 6 }), fc.infiniteStream(fc.integer())).map(([again, ranks]) => {
    const given = [...facts, ...(facts.length === 0 ? [] : again.map((index) => facts[index % facts.length] as Fact))];
    return given
      .map((fact) => ({ fact, rank: ranks.next().value as number }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ fact }) => fact);
  });

export const byStream = (facts: readonly Fact[]): ReadonlyMap<StreamId, readonly Fact[]> => {
  const streams = new Map<StreamId, readonly Fact[]>();
  for (const fact of facts) streams.set(fact.stream, [...(streams.get(fact.stream) ?? []), fact]);
  return streams;
};
