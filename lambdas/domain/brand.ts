// Owns the one device that keeps ids and amounts of different kinds from standing in for each other.

declare const brand: unique symbol;

/** A `T` that only the function which checked it can produce. Costs nothing at run time. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** The end of an exhaustive switch: does not compile while a case is missing, and throws on data from elsewhere. */
export const assertNever = (value: never, what: string): never => {
  throw new Error(`unknown ${what}: ${JSON.stringify(value)}`);
};
