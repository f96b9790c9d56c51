// Owns what must have arrived: work on the queues of both Regions, notices, readings and profiles.
// Leaves to money.ts what came of the work.
import type { Journal } from '../clients/journal.ts';
import type { World } from '../world/world.ts';
import type { Report } from './invariants.ts';
import { type Committed, positionOf } from './raw-fact.ts';

const SETTLED: ReadonlySet<string> = new Set(['PaymentAccepted', 'PaymentRefunded']);
const TOLD: ReadonlySet<string> = new Set([
  'PaymentAccepted',
  'PaymentRefunded',
  'PaymentSettled',
  'PaymentDeclined',
  'RefundSettled',
  'RefundFailed',
  'BillIssued',
]);

export const checkWork = (committed: readonly Committed[], { regions }: World, report: Report): void => {
  const all = Object.values(regions);
  for (const { name, queues, stream } of all) {
    const asked = new Set(
      queues.settlements.sent.flatMap((body) => {
        const { accountId, stream: of, isSwept } = JSON.parse(body);
        return isSwept === true ? [] : [`${accountId} ${of}`];
      }),
    );
    for (const { fact, key } of committed)
      if (
        SETTLED.has(fact.type) &&
        !stream.wasGivenUp(fact.accountId, key) &&
        !asked.has(`${fact.accountId} ${fact.stream}`)
      )
        report('both Regions dispatch', `${name} was never asked to work on ${key} of ${fact.accountId}`);
  }
  for (const one of committed) {
    const wasSeen = all.some(({ stream }) => !stream.wasGivenUp(one.fact.accountId, one.key));
    const wasTold = all.some(({ stores }) => stores.notices.has(positionOf(one)));
    if (TOLD.has(one.fact.type) && wasSeen && !wasTold)
      report('every notice arrives', `nobody was told of ${one.key} of ${one.fact.accountId}`);
  }
};

export const checkCopies = ({ commands }: Journal, { regions }: World, report: Report): void => {
  const records = [...commands.values()];
  const all = Object.values(regions);
  for (const { step, granted } of records) {
    const { command } = step;
    if (command.kind !== 'readings' || granted === undefined) continue;
    for (const { name, stores } of all) {
      const days = [...stores.replicated.readings.values()];
      const isThere = days.some(({ meterId, date }) => meterId === command.meterId && date === command.day);
      if (!isThere) report('readings are everywhere', `${step.id} was accepted and is not in ${name}`);
    }
  }
  const sent = new Set(records.flatMap(({ step: { command } }) => (command.kind === 'contact' ? [command.email] : [])));
  const [east, west] = all.map(({ stores }) => stores.replicated.profiles);
  for (const [accountId, profile] of east ?? []) {
    const other = west?.get(accountId);
    if (JSON.stringify(profile) !== JSON.stringify(other))
      report('profiles agree', `${accountId} is ${JSON.stringify(profile)} and ${JSON.stringify(other)}`);
    if (profile.email !== undefined && !sent.has(profile.email))
      report('profiles agree', `nobody sent ${profile.email} of ${accountId}`);
  }
};
