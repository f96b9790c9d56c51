// Owns the order of a NEM12 file's records: 100, then streams (200) of days (300) with ranges of quality (400), then 900.
// A file whose structure does not hold is refused as a whole, with the line; a day with a wrong value is refused by itself.
import {
  type DeliveredInterval,
  type Delivery,
  type Rejection,
  refuseDelivery,
} from '../../domain/readings/delivery.ts';
import { type DataStream, readStream } from './data-stream.ts';
import { type IntervalDay, intervalsOf, type QualityRange, readDay, readRange } from './interval-day.ts';

export class Nem12File {
  readonly #intervals: DeliveredInterval[] = [];
  readonly #rejected: Rejection[] = [];
  #line = 0;
  #state: 'before 100' | 'open' | 'after 900' = 'before 100';
  #stream: DataStream | undefined;
  #day: { readonly record: IntervalDay; readonly ranges: QualityRange[] } | undefined;

  /** Of the last record, 1-based; 0 before the first. */
  get line(): number {
    return this.#line;
  }

  /** @throws DeliveryRefused */
  record(line: number, fields: readonly string[]): void {
    this.#line = line;
    if (this.#state === 'before 100') {
      this.#header(line, fields);
      return;
    }
    if (this.#state === 'after 900') {
      refuseDelivery(line, 'recordIndicator', 'stands after the end record 900: send one file at a time');
    }
    switch (fields[0]) {
      case '200':
        this.#closeDay();
        this.#stream = readStream(line, fields);
        if (this.#stream.notTaken !== undefined) this.#rejected.push(this.#stream.notTaken);
        return;
      case '300': {
        this.#closeDay();
        const stream = this.#stream ?? refuseDelivery(line, 'recordIndicator', '300 stands before any 200');
        this.#day = { record: readDay(line, fields, stream), ranges: [] };
        return;
      }
      case '400': {
        const day = this.#day ?? refuseDelivery(line, 'recordIndicator', '400 does not follow a 300');
        day.ranges.push(readRange(line, fields, day.record));
        return;
      }
      case '500':
        // A manual read of the same meter: it says nothing of intervals.
        if (this.#day === undefined) refuseDelivery(line, 'recordIndicator', '500 does not follow a 300');
        return;
      case '900':
        this.#closeDay();
        this.#state = 'after 900';
        return;
      default:
        refuseDelivery(line, 'recordIndicator', 'must be 200, 300, 400, 500 or 900');
    }
  }

  /** @throws DeliveryRefused when the end record is missing */
  end(): Delivery {
    if (this.#state === 'before 100')
      return refuseDelivery(1, 'recordIndicator', 'the file is empty: it begins with 100');
    if (this.#state === 'open') {
      return refuseDelivery(this.#line, 'recordIndicator', 'the file ends without its end record 900: it is cut off');
    }
    if (this.#stream === undefined) return refuseDelivery(this.#line, 'recordIndicator', 'the file holds no readings');
    return { intervals: this.#intervals, rejected: this.#rejected };
  }

  #header(line: number, fields: readonly string[]): void {
    if (fields[0] !== '100') {
      refuseDelivery(line, 'recordIndicator', 'the file must begin with its header record 100');
    }
    const version = (fields[1] ?? '').toUpperCase();
    if (version === 'NEM13') {
      refuseDelivery(line, 'versionHeader', 'NEM13 holds accumulated reads without intervals: send NEM12');
    }
    if (version !== 'NEM12') refuseDelivery(line, 'versionHeader', 'must be NEM12');
    this.#state = 'open';
  }

  #closeDay(): void {
    if (this.#day === undefined || this.#stream === undefined) return;
    const { record, ranges } = this.#day;
    this.#day = undefined;
    if (this.#stream.notTaken !== undefined) return;
    const read = intervalsOf(record, ranges, this.#stream);
    this.#intervals.push(...read.intervals);
    this.#rejected.push(...read.rejected);
  }
}
