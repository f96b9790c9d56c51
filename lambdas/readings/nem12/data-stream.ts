// Owns record 200 of NEM12: which meter, which register, which unit, which length of interval.
// Leaves to interval-day.ts the values.
import { CATALOG_ID, CATALOG_ID_RULE } from '../../domain/ids.ts';
import { type Rejection, refuseDelivery } from '../../domain/readings/delivery.ts';
import type { Flow } from '../../domain/readings/meter-day.ts';

export interface DataStream {
  readonly meterId: string;
  /** NMI suffix, such as `E1`. */
  readonly register: string;
  readonly flow: Flow;
  /** One unit of the values is 10^`power` watt hours. */
  readonly power: number;
  readonly intervalSeconds: number;
  /** Why its values are no energy that is billed; they are left out, and this says so once. */
  readonly notTaken?: Rejection;
}

const FIELD = { nmi: 1, suffix: 4, unit: 7, intervalLength: 8 } as const;

/** AEMO writes units in any case. */
const POWERS: Readonly<Record<string, number>> = { WH: 0, KWH: 3, MWH: 6, GWH: 9 };
/** Reactive and apparent energy, power, voltage, current, power factor. */
const OTHER_UNIT = /^(?:[KMG]?(?:VARH?|VAH?|W|V)|KV|A|KA|PF)$/;
const INTERVAL_MINUTES = new Set([5, 15, 30, 60]);

/**
 * Master registers of active energy (AEMO, National Metering Identifier Procedure, NMI suffixes): `E` is what the customer took,
 * `B` what was fed in. `A`, `C`, `D` and `F` are averages and checks of the same energy: adding them would count it twice.
 */
const FLOWS: Readonly<Record<string, Flow>> = { E: 'import', B: 'export' };
const SECOND_COUNT = new Set(['A', 'C', 'D', 'F']);

/** @throws DeliveryRefused when the record says something that cannot be, or that contradicts itself */
export const readStream = (line: number, fields: readonly string[]): DataStream => {
  const meterId = fields[FIELD.nmi] ?? '';
  if (!CATALOG_ID.test(meterId)) refuseDelivery(line, 'nmi', CATALOG_ID_RULE);
  const register = (fields[FIELD.suffix] ?? '').toUpperCase();
  if (!/^[A-Z][0-9A-Z]$/.test(register)) refuseDelivery(line, 'nmiSuffix', 'must be a letter and a channel, as E1');
  const minutes = Number(fields[FIELD.intervalLength]);
  if (!INTERVAL_MINUTES.has(minutes)) refuseDelivery(line, 'intervalLength', 'must be 5, 15, 30 or 60 minutes');

  const unit = (fields[FIELD.unit] ?? '').toUpperCase();
  const power = POWERS[unit];
  const letter = register.slice(0, 1);
  const flow = FLOWS[letter];
  const isActive = flow !== undefined || SECOND_COUNT.has(letter);
  if (power === undefined && !OTHER_UNIT.test(unit)) refuseDelivery(line, 'uom', 'is no unit that NEM12 knows');
  if (isActive && power === undefined) {
    refuseDelivery(line, 'uom', `contradicts the register: ${letter} counts active energy, in Wh, kWh or MWh`);
  }
  if (!isActive && power !== undefined) {
    refuseDelivery(line, 'uom', `contradicts the register: ${letter} does not count active energy`);
  }
  const common = { meterId, register, power: power ?? 0, intervalSeconds: minutes * 60 };
  if (flow !== undefined) return { ...common, flow };
  const reason = isActive
    ? 'is an average or check of a master register: only E and B are taken'
    : 'does not count active energy: it is not billed and not stored';
  return { ...common, flow: 'import', notTaken: { line, field: 'nmiSuffix', reason } };
};
