// Owns which meters of a delivery become the account's: those that nobody has.
// Leaves to the catalog what it means to have one.
import type { AccountId } from '../domain/ids.ts';
import type { DeliveredInterval, Delivery, Rejection } from '../domain/readings/delivery.ts';
import type { Catalog, CatalogWrite } from '../ports/catalog.ts';

type Meters = Pick<Catalog, 'joinMeter' | 'meters'>;

/**
 * The delivery with the account's own meters. A meter of another account keeps its readings, since its id is its own;
 * where the id is only its publisher's number, the reading's meter is the one with the universal id.
 * @throws CatalogUnavailable
 */
export const joinMeters = async (catalog: Meters, accountId: AccountId, delivery: Delivery): Promise<Delivery> => {
  const known = new Set((await catalog.meters(accountId)).map(({ meterId }) => meterId));
  const renamed = new Map<string, string>();
  const refused = new Set<string>();
  for (const meterId of new Set(delivery.intervals.map((interval) => interval.meterId))) {
    const universalId = delivery.universalIds?.get(meterId);
    if (known.has(meterId)) continue;
    if (universalId !== undefined && known.has(universalId)) {
      renamed.set(meterId, universalId);
      continue;
    }
    let joined: CatalogWrite = await catalog.joinMeter(accountId, meterId);
    if (joined === 'taken' && universalId !== undefined) {
      joined = await catalog.joinMeter(accountId, universalId);
      renamed.set(meterId, universalId);
    }
    if (joined === 'full') refused.add(meterId);
  }
  return applied(delivery, renamed, refused);
};

const applied = (delivery: Delivery, renamed: ReadonlyMap<string, string>, refused: ReadonlySet<string>): Delivery => {
  const intervals: DeliveredInterval[] = [];
  const full = new Map<string, Rejection>();
  for (const interval of delivery.intervals) {
    const { line, meterId } = interval;
    if (!refused.has(meterId)) intervals.push({ ...interval, meterId: renamed.get(meterId) ?? meterId });
    else
      full.set(`${line}`, { line, field: 'meterId', reason: 'is new, and the account has as many meters as it can' });
  }
  return { intervals, rejected: [...delivery.rejected, ...full.values()] };
};
