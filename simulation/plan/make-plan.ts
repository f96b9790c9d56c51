// Owns the plan that a seed makes: a few accounts, some dozens of requests within minutes, and faults of several kinds over them.
// Leaves to make-fault.ts what each kind needs.
import { Random } from '../engine/random.ts';
import { ALL_FAULTS, type FaultKind } from '../faults/fault-kinds.ts';
import { REGIONS } from '../world/network.ts';
import { makeFault } from './make-fault.ts';
import type { Command, CommandStep, Plan, Step } from './plan.ts';

/** 2026-10-31T23:52:00Z: days and a month end while the run goes on. */
const FIRST_START_MS = Date.UTC(2026, 9, 31, 23, 52);
const MINUTE_MS = 60_000;
const PERIODS = ['2026-08', '2026-09'] as const;

/** `always`: faults that it has besides those that chance gives it. */
export const makePlan = (seed: number, always: readonly FaultKind[] = []): Plan => {
  const random = new Random(`plan ${seed}`);
  const busyMs = random.between(2, 4) * MINUTE_MS;
  const accounts = Array.from({ length: random.between(2, 4) }, (_, index) => `us_${seed}-${index + 1}`);
  const commands = commandsOf(random, accounts, busyMs);
  const kinds = Array.from({ length: random.between(4, 12) }, () => random.pick(ALL_FAULTS));
  const faults = [...kinds, ...always].map((kind) => makeFault(random, kind, busyMs));
  const steps = [...commands, ...othersOf(random, commands, accounts, busyMs), ...faults];
  const ends = faults.map(({ atMs, forMs }) => atMs + forMs);
  return {
    seed,
    startMs: FIRST_START_MS + random.between(0, 15 * MINUTE_MS),
    healAtMs: Math.max(busyMs, ...ends) + 1_000,
    steps: steps.sort((a, b) => a.atMs - b.atMs),
  };
};

/** Amounts are never the same twice: whoever sees one knows whose it is. */
const commandsOf = (random: Random, accounts: readonly string[], busyMs: number): readonly CommandStep[] => {
  const steps: CommandStep[] = [];
  const add = (command: Command, atMs: number): void => {
    const patience = random.chance(0.2) ? 1 : random.between(2, 8);
    steps.push({
      step: 'command',
      id: `${command.kind}-${steps.length}`,
      atMs,
      command,
      region: random.pick(REGIONS),
      patience,
    });
  };
  for (const account of accounts) add({ kind: 'open', account }, random.between(0, 3_000));
  for (let left = random.between(12, 36); left > 0; left--) {
    const amountMinor = 10_000 * (steps.length + 1) + random.between(0, 9_000);
    add(nextCommand(random, steps, random.pick(accounts), amountMinor), random.between(3_000, busyMs));
  }
  return steps;
};

const nextCommand = (random: Random, steps: readonly CommandStep[], account: string, amountMinor: number): Command => {
  const made = steps.filter(({ command }) => 'account' in command && command.account === account);
  const payments = made.flatMap(({ id, command }) => (command.kind === 'pay' ? [{ id, command }] : []));
  const turn = random.next();
  if (turn < 0.45 || payments.length === 0) {
    const method = random.chance(0.15) ? 'card_declined' : 'card_on_file';
    return { kind: 'pay', account, amountMinor, method };
  }
  if (turn < 0.65) {
    const { id, command } = random.pick(payments);
    return {
      kind: 'refund',
      account,
      of: id,
      amountMinor: Math.ceil((command.amountMinor * random.between(20, 90)) / 100),
    };
  }
  if (turn < 0.75) {
    const reversible = made.filter(({ command: { kind } }) => ['pay', 'refund', 'adjust', 'bill'].includes(kind));
    return { kind: 'reverse', account, of: random.pick(reversible).id };
  }
  if (turn < 0.83) return { kind: 'adjust', account, amountMinor: random.chance(0.5) ? amountMinor : -amountMinor };
  if (turn < 0.89) return { kind: 'bill', account, period: random.pick(PERIODS), amountMinor };
  if (turn < 0.94) return { kind: 'contact', account, email: `payer-${amountMinor}@example.com` };
  return { kind: 'readings', meterId: `meter-${account}`, day: `2026-10-${random.between(10, 28)}`, wh: amountMinor };
};

/** Of one payer: a portal shows several things, and again what there was a while ago. */
const looksOf = (random: Random, accounts: readonly string[], busyMs: number): readonly Step[] => {
  const [account, region] = [random.pick(accounts), random.pick(REGIONS)];
  let atMs = random.between(5_000, busyMs);
  return Array.from({ length: random.between(1, 5) }, (): Step => {
    atMs += random.between(200, 20_000);
    const what = random.pick(['account', 'statement', 'bills', 'payment'] as const);
    return { step: 'look', atMs, account, region, what, isAfter: random.chance(0.6) };
  });
};

/** The same keys again, and looks. */
const othersOf = (
  random: Random,
  commands: readonly CommandStep[],
  accounts: readonly string[],
  busyMs: number,
): readonly Step[] => {
  const keyed = commands.filter(({ command: { kind } }) => ['pay', 'refund', 'adjust', 'bill'].includes(kind));
  const again = Array.from({ length: random.between(2, 10) }, (_, index): Step => {
    const { id, atMs } = random.pick(keyed);
    const other = random.chance(0.3) ? { otherAmountMinor: 5_000_000 + index } : {};
    const laterMs = random.chance(0.5) ? random.between(-200, 400) : random.between(0, 60_000);
    return { step: 'again', atMs: Math.max(3_000, atMs + laterMs), of: id, region: random.pick(REGIONS), ...other };
  });
  const looks = Array.from({ length: random.between(2, 7) }, () => looksOf(random, accounts, busyMs)).flat();
  return [...again, ...looks];
};
