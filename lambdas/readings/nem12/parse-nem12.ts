// Owns the way from the bytes of a NEM12 file to its records: CSV, byte-order mark, lines.
// Leaves to nem12-file.ts what the records mean (AEMO, Meter Data File Format Specification NEM12 & NEM13, v2.5).
import { CsvError, parse } from 'csv-parse/sync';
import { type Delivery, refuseDelivery } from '../../domain/readings/delivery.ts';
import { Nem12File } from './nem12-file.ts';

/** A day of 5-minute values with 15 digits each is not half of it. */
const MAX_RECORD_CHARACTERS = 16_384;

/** @throws DeliveryRefused when the structure does not hold */
export const parseNem12 = (bytes: Buffer): Delivery => {
  const file = new Nem12File();
  try {
    parse(bytes, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: MAX_RECORD_CHARACTERS,
      // Nothing is kept: each record goes through the file as it is read.
      on_record: (fields: readonly string[], { lines }: { readonly lines: number }) => {
        file.record(lines, fields);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The library's own message quotes the line, and its number is where the record would end.
    return refuseDelivery(file.line + 1, 'record', 'is not readable as CSV');
  }
  return file.end();
};
