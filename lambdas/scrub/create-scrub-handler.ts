// Owns the scrubber: it goes over a Region's view and ledger, account by account, for ever, and has what is damaged repaired.
// Leaves to shared/integrity how an account is judged and repaired, to the peer's scrubber what only the peer's view can prove.
import type { AccountId } from '../domain/ids.ts';
import type { Remedy } from '../domain/repair.ts';
import type { Finding } from '../domain/verify-account.ts';
import { LedgerUnavailable } from '../ports/event-log.ts';
import { RegionStateUnavailable } from '../ports/region-state.ts';
import type { Scrubbing, Walk } from '../ports/scrubbing.ts';
import { ViewUnavailable } from '../ports/view-store.ts';
import { checkAccount } from '../shared/integrity/look-at-account.ts';
import { type RepairDeps, repairAccount } from '../shared/integrity/repair-account.ts';
import { METRICS } from '../shared/metric-names.ts';
import { SCRUB } from '../shared/policies.ts';
import { errorFields, type Telemetry } from '../shared/telemetry.ts';

/** `sources`: the ledger and this Region's own view. */
export interface ScrubDeps extends RepairDeps {
  readonly scrubbing: Scrubbing;
  readonly telemetry: Telemetry;
}

/** Called every minute. @throws Error for what nobody foresaw; the next call goes on where this one stood. */
export const createScrubHandler = (deps: ScrubDeps) => async (): Promise<void> => {
  const { scrubbing, clock, telemetry } = deps;
  const stopAtMs = clock.nowMs() + SCRUB.budgetMs;
  try {
    for (const accountId of await scrubbing.suspects())
      if (clock.nowMs() < stopAtMs) await lookAfter(deps, accountId, 'suspect');
    const items = (await walk(deps, 'ledger', stopAtMs)) + (await walk(deps, 'views', stopAtMs));
    telemetry.count(METRICS.itemsScrubbed, items);
  } catch (error) {
    // A Region that is cut off cannot tell damage from distance.
    if (!isPassing(error)) throw error;
    telemetry.warn('not scrubbed', errorFields(error));
  } finally {
    telemetry.flush();
  }
};

/** So many items as it came by, those of a page that its time cut short left out. */
const walk = async (deps: ScrubDeps, name: Walk, stopAtMs: number): Promise<number> => {
  const { sources, scrubbing, clock } = deps;
  const { ledger, views } = sources;
  const copies = name === 'ledger' ? ledger.items : views[0].rows;
  let { cursor, lastAccount } = await scrubbing.place(name);
  let items = 0;
  while (items < SCRUB.itemsPerCall && clock.nowMs() < stopAtMs) {
    const page = await copies.accounts({ limit: SCRUB.pageItems, ...(cursor !== undefined && { cursor }) });
    for (const accountId of page.accounts) {
      if (clock.nowMs() >= stopAtMs) return items;
      // The other walk has looked at every account that the ledger has anything of.
      const isOtherWalks = name === 'views' && (await ledger.items.has(accountId));
      if (accountId !== lastAccount && !isOtherWalks) await lookAfter(deps, accountId, 'met on the way');
    }
    ({ cursor } = page);
    lastAccount = page.accounts.at(-1) ?? lastAccount;
    items += page.items;
    await scrubbing.moveTo(name, {
      ...(cursor !== undefined && { cursor, ...(lastAccount !== undefined && { lastAccount }) }),
    });
    if (cursor === undefined) break;
  }
  return items;
};

const lookAfter = async (deps: ScrubDeps, accountId: AccountId, why: 'suspect' | 'met on the way'): Promise<void> => {
  const { report } = await checkAccount(deps.sources, accountId);
  if (report.findings.length > 0) {
    const { repaired, left } = await repairAccount(deps, accountId);
    tellRepaired(deps, accountId, repaired);
    if (left.length > 0) return tellLeft(deps, accountId, left);
  }
  if (why === 'suspect') await deps.scrubbing.clear(accountId);
};

const tellRepaired = ({ telemetry }: ScrubDeps, accountId: string, repaired: readonly Remedy[]): void => {
  if (repaired.length > 0) telemetry.count(METRICS.factsRepaired, repaired.length);
  for (const remedy of repaired) telemetry.warn('repaired', { accountId, ...toldOf(remedy) });
};

const toldOf = (remedy: Remedy): { readonly factKey: string; readonly reason: string } => {
  switch (remedy.kind) {
    case 'ledger-item':
      return { factKey: remedy.key, reason: `ledger, from the copy of ${remedy.from}` };
    case 'view-row':
      return { factKey: remedy.key, reason: `view of ${remedy.region}, from the ledger` };
    case 'derived-rows':
      return { factKey: remedy.keys.join(', '), reason: `sums in the view of ${remedy.region}, from its facts` };
  }
};

/** It stays a suspect: told every minute until somebody, the peer's scrubber or a person, has repaired it. */
const tellLeft = async ({ telemetry, scrubbing }: ScrubDeps, accountId: AccountId, left: readonly Finding[]) => {
  await scrubbing.suspect(accountId);
  telemetry.count(METRICS.corruptFact, left.length);
  for (const { store, region, key: factKey, problem } of left)
    telemetry.error('damage that no copy here repairs', { accountId, factKey, region, reason: `${store}: ${problem}` });
};

const isPassing = (error: unknown): boolean =>
  error instanceof LedgerUnavailable || error instanceof ViewUnavailable || error instanceof RegionStateUnavailable;
