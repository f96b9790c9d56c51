// Owns the way from an account's meters, readings and tariffs to what a period comes to; preview, issue, rebill and bill run share it.
// Leaves to domain/rating every amount, to the ports where things are kept.
import type { AccountOpened, BillLine, BillUsage } from '../domain/facts.ts';
import { type IsoDate, isoDate, type Period } from '../domain/ids.ts';
import { toWire } from '../domain/money.ts';
import { periodRange } from '../domain/rating/local-time.ts';
import { parseTariff } from '../domain/rating/parse-tariff.ts';
import { type Rated, rate } from '../domain/rating/rate.ts';
import type { Assignment, RatedMeter } from '../domain/rating/rating-input.ts';
import type { Tariff } from '../domain/rating/tariff.ts';
import { MAX_DURATION_SECONDS } from '../domain/readings/bounds.ts';
import type { Catalog, Meter } from '../ports/catalog.ts';
import type { Readings } from '../ports/readings.ts';
import { Refusal } from './http/problem.ts';
import { AT_ONCE } from './policies.ts';

export interface UsageSources {
  readonly catalog: Pick<Catalog, 'meters' | 'tariffVersions'>;
  readonly readings: Pick<Readings, 'days' | 'firstReadingMs'>;
}

/** @throws Refusal 409 for a meter without a usable tariff. @throws CatalogUnavailable, ReadingsUnavailable */
export const rateUsage = async (
  { catalog, readings }: UsageSources,
  { accountId, currency, timeZone }: AccountOpened,
  period: Period,
): Promise<Rated> => {
  const known = await catalog.meters(accountId);
  const tariffs = new TariffShelf(catalog, currency);
  const meters: RatedMeter[] = [];
  for (let next = 0; next < known.length; next += AT_ONCE.metersRated) {
    const some = known.slice(next, next + AT_ONCE.metersRated).map(async (meter): Promise<RatedMeter> => {
      const [assignments, firstReadingMs, days] = await Promise.all([
        assignmentsOf(meter, tariffs),
        readings.firstReadingMs(meter.meterId),
        readings.days(meter.meterId, ...datesAround(period, timeZone)),
      ]);
      return { assignments, firstReadingMs, intervals: days.flatMap(({ intervals }) => intervals) };
    });
    meters.push(...(await Promise.all(some)));
  }
  return rate({ period, timeZone, currency, meters });
};

export interface IssuableUsage {
  readonly lines: readonly BillLine[];
  readonly usage: BillUsage;
}

/** What a bill is issued over. @throws Refusal 409 `usage-missing`, and as rateUsage does */
export const issuableUsage = async (
  sources: UsageSources,
  account: AccountOpened,
  period: Period,
): Promise<IssuableUsage> => {
  const { lines, usageWh, quality } = await rateUsage(sources, account, period);
  if (quality === 'missing') {
    throw new Refusal('usage-missing', `No meter of the account has a reading in ${period}: send readings first`);
  }
  return { lines, usage: { usageWh: toWire(usageWh), quality } };
};

/** Each tariff is read once, however many meters have it. */
class TariffShelf {
  readonly #read = new Map<string, Promise<readonly Tariff[]>>();

  constructor(
    private readonly catalog: UsageSources['catalog'],
    private readonly currency: string,
  ) {}

  tariffs(tariffId: string): Promise<readonly Tariff[]> {
    const read = this.#read.get(tariffId) ?? this.#load(tariffId);
    this.#read.set(tariffId, read);
    return read;
  }

  async #load(tariffId: string): Promise<readonly Tariff[]> {
    const versions = await this.catalog.tariffVersions(tariffId);
    if (versions.length === 0) throw new Refusal('tariff-missing', `Tariff ${tariffId} is not here: put it first`);
    return versions.map(({ rate: text }) => {
      const parsed = parseTariff(JSON.parse(text));
      if (parsed.kind === 'refused') {
        throw new Refusal('tariff-missing', `A version of tariff ${tariffId} is no longer understood: put it again`);
      }
      if (parsed.tariff.currency !== this.currency) {
        throw new Refusal(
          'tariff-currency',
          `Tariff ${tariffId} is in ${parsed.tariff.currency}, not in ${this.currency}`,
        );
      }
      return parsed.tariff;
    });
  }
}

const assignmentsOf = async (meter: Meter, shelf: TariffShelf): Promise<readonly Assignment[]> => {
  if (meter.tariffs.length === 0) {
    throw new Refusal('tariff-missing', `Meter ${meter.meterId} has no tariff: give it one first`);
  }
  return Promise.all(
    meter.tariffs.map(async ({ from, tariffId }) => ({ from, tariffs: await shelf.tariffs(tariffId) })),
  );
};

const DAY_MS = 86_400_000;

/**
 * Every date under which a reading may be kept that touches the period. It may begin as long before the period as a reading may be,
 * and its date is that of the delivering clock, which no zone and no offset takes a day from UTC.
 */
const datesAround = (period: Period, timeZone: string): readonly [IsoDate, IsoDate] => {
  const { startMs, endMs } = periodRange(period, timeZone);
  return [dateOf(startMs - MAX_DURATION_SECONDS * 1000 - DAY_MS), dateOf(endMs + DAY_MS)];
};

const dateOf = (atMs: number): IsoDate => {
  const date = isoDate(new Date(atMs).toISOString().slice(0, 10));
  if (date === undefined) throw new RangeError(`${atMs} ms are no date of four digits' years`);
  return date;
};
