// Owns what rows the catalog has and how they read back: tariffs by id, meters by their account, each meter's owner.
// Leaves to dynamo/ and memory/ where they are kept.
import type { AccountId, IsoDate } from '../domain/ids.ts';
import type { Meter, MeterTariff } from '../ports/catalog.ts';

/** Ids are checked by whoever hands them in; none can hold a `#`. */
export const tariffKey = (tariffId: string): string => `tariff#${tariffId}`;
export const ownerKey = (meterId: string): string => `meter#${meterId}`;
export const ACCOUNT_PREFIX = 'account#';
export const accountKey = (accountId: AccountId): string => `${ACCOUNT_PREFIX}${accountId}`;

/** Sorts before every date. */
const ALWAYS = '0000-00-00';
export const startKey = (startDate: IsoDate | undefined): string => startDate ?? ALWAYS;
export const startOf = (key: string): IsoDate | undefined => (key === ALWAYS ? undefined : (key as IsoDate));

/** An account's row for the meter itself, and one for each tariff of it: the day follows. */
export const meterKey = (meterId: string, from?: IsoDate): string =>
  from === undefined ? meterId : `${meterId}#${from}`;

export interface AccountRow {
  readonly sk: string;
  readonly tariffId?: string | undefined;
}

/** The rows of one account in any order. */
export const metersOf = (rows: readonly AccountRow[]): readonly Meter[] => {
  const tariffs = new Map<string, MeterTariff[]>();
  for (const { sk, tariffId } of [...rows].sort((a, b) => (a.sk < b.sk ? -1 : 1))) {
    const [meterId = '', from] = sk.split('#');
    const known = tariffs.get(meterId) ?? [];
    if (from !== undefined && tariffId !== undefined) known.push({ from: from as IsoDate, tariffId });
    tariffs.set(meterId, known);
  }
  return [...tariffs].map(([meterId, known]) => ({ meterId, tariffs: known }));
};
