// Owns what operators tell of tariffs and meters: mutable, replicated to the other Region, last writer wins. No money moves by it.
// Leaves to domain/rating what a tariff means; the rate objects are kept as they were sent.
import type { AccountId, IsoDate } from '../domain/ids.ts';

/** One version of a tariff: which one is in force on a day is decided by its start. */
export interface TariffVersion {
  readonly tariffId: string;
  /** Undefined: it always was in force. */
  readonly startDate: IsoDate | undefined;
  /** Canonical JSON of the rate object. */
  readonly rate: string;
}

/** A tariff that a meter has from a day on. */
export interface MeterTariff {
  readonly from: IsoDate;
  readonly tariffId: string;
}

export interface Meter {
  readonly meterId: string;
  /** Oldest first; empty while the meter is only known from its readings. */
  readonly tariffs: readonly MeterTariff[];
}

/** `taken`: the meter belongs to another account. `full`: nothing more fits, see the limits below. */
export type CatalogWrite = 'written' | 'taken' | 'full';

/** A home has a few, a campus some dozens: what the rating of one account can read in its time. */
export const MAX_METERS_PER_ACCOUNT = 50;
/** Prices change a few times a year. */
export const MAX_VERSIONS = 100;

export interface AccountPage {
  readonly accountIds: readonly AccountId[];
  /** Opaque; absent on the last page. */
  readonly cursor?: string;
}

/** Every read is strong within its Region. Every call throws CatalogUnavailable, and every write may be repeated. */
export interface Catalog {
  /** The version with the same start is replaced. */
  putTariff(version: TariffVersion): Promise<CatalogWrite>;
  /** Oldest start first; empty for a tariff that nobody has put. */
  tariffVersions(tariffId: string): Promise<readonly TariffVersion[]>;
  /** Makes the meter one of the account's, if it is nobody's yet. */
  joinMeter(accountId: AccountId, meterId: string): Promise<CatalogWrite>;
  /** Gives the meter a tariff from a day on, joining it to the account first; what it had from the same day is replaced. */
  assignTariff(accountId: AccountId, meterId: string, tariff: MeterTariff): Promise<CatalogWrite>;
  /** The account's meters, by id. */
  meters(accountId: AccountId): Promise<readonly Meter[]>;
  /** A page of the accounts that have meters, in no order; one may come twice. `limit` bounds what is looked at: 1 to 1,000 items. */
  accountsWithMeters(page: { readonly limit: number; readonly cursor?: string }): Promise<AccountPage>;
}

/** The catalog could not be read or written in time. */
export class CatalogUnavailable extends Error {
  override readonly name = 'CatalogUnavailable';
}
