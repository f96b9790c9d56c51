// Owns the reading of one field of a rate object: of the expected form, or a problem with the field's name.
// Leaves to parse-tariff.ts which fields there are.
import { decimal, type Exact, exact, isLess, minus, NOTHING } from './exact.ts';

/** Beyond any price, even in the currencies with the smallest units: a slip, which would make a bill that fits no ledger. */
const PRICE_LIMIT = exact(1_000_000_000n);
/** A period for every hour of the clock in every month; tiers and months are far fewer. */
const MAX_ENTRIES = 288;

export interface FieldProblem {
  /** A dotted path, such as `energyratestructure.0.1.rate`. */
  readonly field: string;
  readonly message: string;
}

export type Fields = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Null says the same as nothing: exports of URDB write it for every field a tariff does not use. */
export const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;

/** Gathers problems, so that one refusal names all of them. Every reader answers undefined after naming one. */
export class FieldReader {
  readonly problems: FieldProblem[] = [];

  problem(path: Path, message: string): undefined {
    this.problems.push({ field: path.join('.'), message });
    return undefined;
  }

  number(value: unknown, path: Path): Exact | undefined {
    if (isAbsent(value)) return this.problem(path, 'is missing');
    const read = typeof value === 'number' ? decimal(value) : undefined;
    return read ?? this.problem(path, 'must be a number');
  }

  /** Of either sign. */
  price(value: unknown, path: Path): Exact | undefined {
    const read = this.number(value, path);
    const isFar = read !== undefined && (isLess(PRICE_LIMIT, read) || isLess(read, minus(NOTHING, PRICE_LIMIT)));
    return isFar ? this.problem(path, 'must be a price of at most 1,000,000,000') : read;
  }

  /** A price that is not less than 0. */
  amount(value: unknown, path: Path): Exact | undefined {
    return this.#notNegative(this.price(value, path), path);
  }

  /** A quantity that is not less than 0. */
  quantity(value: unknown, path: Path): Exact | undefined {
    return this.#notNegative(this.number(value, path), path);
  }

  #notNegative(read: Exact | undefined, path: Path): Exact | undefined {
    return read !== undefined && isLess(read, NOTHING) ? this.problem(path, 'must not be less than 0') : read;
  }

  list(value: unknown, path: Path, length?: number): readonly unknown[] | undefined {
    if (isAbsent(value)) return this.problem(path, 'is missing');
    if (!Array.isArray(value)) return this.problem(path, 'must be a list');
    if (value.length === 0) return this.problem(path, 'must not be empty');
    if (value.length > MAX_ENTRIES) return this.problem(path, `must have at most ${MAX_ENTRIES} entries`);
    return length === undefined || value.length === length
      ? value
      : this.problem(path, `must have ${length} entries, has ${value.length}`);
  }

  /** The index of one of `count` periods. */
  periodIndex(value: unknown, path: Path, count: number): number | undefined {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
      return this.problem(path, 'must be the number of a period, counted from 0');
    }
    return value < count ? value : this.problem(path, `names period ${value}, and there are ${count}`);
  }

  oneOf<T extends string>(value: unknown, path: Path, known: Readonly<Record<string, T>>): T | undefined {
    if (isAbsent(value)) return this.problem(path, 'is missing');
    const found = typeof value === 'string' && Object.hasOwn(known, value) ? known[value] : undefined;
    return found ?? this.problem(path, `must be one of ${Object.keys(known).join(', ')}`);
  }

  /** Each entry read with its path; undefined when any of them has a problem. */
  each<T>(
    entries: readonly unknown[] | undefined,
    path: Path,
    read: (entry: unknown, path: Path) => T | undefined,
  ): readonly T[] | undefined {
    if (entries === undefined) return undefined;
    const all = entries.map((entry, index) => read(entry, [...path, index]));
    return all.some((entry) => entry === undefined) ? undefined : (all as T[]);
  }
}
