// Owns what a tariff is to the rating: prices as exact numbers, schedules checked, units settled.
// Leaves to parse-tariff.ts how one comes out of an OpenEI URDB rate object.
import type { IsoDate } from '../ids.ts';
import type { Currency } from '../money.ts';
import type { Exact } from './exact.ts';

/** A step of a price that depends on quantity. */
export interface Tier {
  /** Where the tier ends, in kWh or kW counted from 0; undefined for the last one, which has no end. */
  readonly max: Exact | undefined;
  /** Major units of the currency per kWh or kW; URDB's `rate` and `adj` together. */
  readonly price: Exact;
}

/** What the tiers of an energy price count: the use of a month, or of each day for itself. */
export type TierSpan = 'month' | 'day';

/** The tiers of one time-of-use period. */
export interface EnergyPrice {
  readonly span: TierSpan;
  readonly tiers: readonly Tier[];
}

/** 12 months × 24 local hours, each the index of a period: a clock for the days of work and one for the weekend. */
export interface Schedule {
  readonly weekday: readonly (readonly number[])[];
  readonly weekend: readonly (readonly number[])[];
}

/** Charges on the highest power of a month. */
export interface Demand {
  /** Power is the mean over this many minutes of the clock. */
  readonly windowMinutes: number;
  /** The peak of the whole month; `periodOfMonth` says which of the prices a month has. */
  readonly flat?: { readonly prices: readonly (readonly Tier[])[]; readonly periodOfMonth: readonly number[] };
  /** The peak within each period of the schedule. */
  readonly timeOfUse?: { readonly prices: readonly (readonly Tier[])[]; readonly schedule: Schedule };
}

export type ChargeUnit = 'day' | 'month' | 'year';

/** An amount in major units for each day, month or year of service. */
export interface PeriodCharge {
  readonly amount: Exact;
  readonly per: ChargeUnit;
}

export interface Tax {
  readonly name: string;
  /** A fraction: 1/10 for 10 %. */
  readonly rate: Exact;
}

export interface Tariff {
  readonly name: string;
  readonly currency: Currency;
  /** The first day it is in force; undefined when it always was. */
  readonly startDate: IsoDate | undefined;
  readonly energy: { readonly prices: readonly EnergyPrice[]; readonly schedule: Schedule };
  /** Added to every price of energy in a month, January first; major units per kWh. Empty for none. */
  readonly fuelAdjustments: readonly Exact[];
  readonly demand: Demand | undefined;
  readonly fixed: readonly PeriodCharge[];
  /** The bill before taxes is no less than the largest of these. */
  readonly minimums: readonly PeriodCharge[];
  readonly taxes: readonly Tax[];
}

/** The newest tariff that has started on `day`, else the oldest (CONTRACT, rating). Of two with one start, the one given last. */
export const tariffInForce = (tariffs: readonly Tariff[], day: IsoDate): Tariff | undefined => {
  const oldestFirst = [...tariffs].sort((a, b) => compareText(a.startDate ?? '', b.startDate ?? ''));
  return oldestFirst.findLast((tariff) => (tariff.startDate ?? '') <= day) ?? oldestFirst[0];
};

const compareText = (a: string, b: string): number => Number(a > b) - Number(a < b);
