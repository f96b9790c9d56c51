// Owns the twin of the catalog in memory: the same rows, the same limits.
// Leaves to adapters/dynamo the catalog that survives its process.
import type { AccountId } from '../../domain/ids.ts';
import {
  type AccountPage,
  type Catalog,
  type CatalogWrite,
  MAX_METERS_PER_ACCOUNT,
  MAX_VERSIONS,
  type Meter,
  type MeterTariff,
  type TariffVersion,
} from '../../ports/catalog.ts';
import { meterKey, metersOf, startKey } from '../catalog-rows.ts';

export class MemoryCatalog implements Catalog {
  readonly #tariffs = new Map<string, Map<string, TariffVersion>>();
  readonly #owners = new Map<string, AccountId>();
  readonly #accounts = new Map<AccountId, Map<string, string | undefined>>();

  async putTariff(version: TariffVersion): Promise<CatalogWrite> {
    const versions = this.#tariffs.get(version.tariffId) ?? new Map<string, TariffVersion>();
    const key = startKey(version.startDate);
    if (!versions.has(key) && versions.size >= MAX_VERSIONS) return 'full';
    this.#tariffs.set(version.tariffId, versions.set(key, version));
    return 'written';
  }

  async tariffVersions(tariffId: string): Promise<readonly TariffVersion[]> {
    return [...(this.#tariffs.get(tariffId) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, version]) => version);
  }

  async joinMeter(accountId: AccountId, meterId: string): Promise<CatalogWrite> {
    const rows = this.#accounts.get(accountId) ?? new Map<string, string | undefined>();
    const isNew = !rows.has(meterKey(meterId));
    if (isNew && metersOf(keysOf(rows)).length >= MAX_METERS_PER_ACCOUNT) return 'full';
    if ((this.#owners.get(meterId) ?? accountId) !== accountId) return 'taken';
    this.#owners.set(meterId, accountId);
    if (isNew) this.#accounts.set(accountId, rows.set(meterKey(meterId), undefined));
    return 'written';
  }

  async assignTariff(accountId: AccountId, meterId: string, { from, tariffId }: MeterTariff): Promise<CatalogWrite> {
    const meter = (await this.meters(accountId)).find((one) => one.meterId === meterId);
    const isNew = meter?.tariffs.every((tariff) => tariff.from !== from) ?? true;
    if (isNew && (meter?.tariffs.length ?? 0) >= MAX_VERSIONS) return 'full';
    const joined = await this.joinMeter(accountId, meterId);
    if (joined === 'written') this.#accounts.get(accountId)?.set(meterKey(meterId, from), tariffId);
    return joined;
  }

  async meters(accountId: AccountId): Promise<readonly Meter[]> {
    return metersOf(keysOf(this.#accounts.get(accountId) ?? new Map()));
  }

  async accountsWithMeters(page: { readonly limit: number; readonly cursor?: string }): Promise<AccountPage> {
    const start = Number(page.cursor ?? 0);
    const accountIds = [...this.#accounts.keys()].slice(start, start + page.limit);
    const next = start + page.limit;
    return next < this.#accounts.size ? { accountIds, cursor: String(next) } : { accountIds };
  }
}

const keysOf = (rows: ReadonlyMap<string, string | undefined>) => [...rows].map(([sk, tariffId]) => ({ sk, tariffId }));
