// Owns what the resources of an ESPI feed are (NAESB REQ.21): its reading types, its local time, its blocks of readings, each with its line.
// Leaves to read-feed.ts how they stand in XML, to espi-delivery.ts what the readings mean.

/** Values of a resource's own elements by their local names, as text, each with the line it stands on. */
export type Fields = ReadonlyMap<string, { readonly text: string; readonly line: number }>;

export interface EspiReading {
  readonly line: number;
  readonly fields: Fields;
  /** Every `quality` said of it; ESPI allows several. */
  readonly qualities: readonly string[];
}

export interface EspiResource {
  readonly kind: string;
  readonly line: number;
  /** Id and links of the Atom entry it stands in. */
  readonly id: string;
  readonly self: string;
  readonly related: readonly string[];
  readonly fields: Fields;
  /** Of an IntervalBlock. */
  readonly readings: readonly EspiReading[];
}
