// Owns `{readings: [{meterId, start, durationSeconds, wh, quality}]}`: each entry checked by itself, its place in the list its line.
// Leaves to the handler what is done with what was wrong.
import type { IsoDate } from '../domain/ids.ts';
import { energyOf } from '../domain/readings/bounds.ts';
import type { DeliveredInterval, Delivery, Rejection } from '../domain/readings/delivery.ts';
import { TOTAL } from '../domain/readings/meter-day.ts';
import { parseJson } from '../shared/http/json-text.ts';
import { invalidRequest } from '../shared/http/problem.ts';
import { anyReadings, reading as readingSchema } from '../shared/schemas/readings.ts';
import { validate } from '../shared/schemas/validation.ts';

/** @throws Refusal 400 when the body is no list of readings at all */
export const parseJsonReadings = (bytes: Buffer): Delivery => {
  const parsed = parseJson(decoded(bytes));
  if (parsed.kind === 'refused') throw invalidRequest([parsed.error]);
  const request = validate(anyReadings, parsed.value);
  if (request.kind === 'invalid') throw invalidRequest(request.errors);
  const intervals: DeliveredInterval[] = [];
  const rejected: Rejection[] = [];
  for (const [index, item] of request.value.readings.entries()) {
    const read = readingOf(item, index + 1);
    if (read.kind === 'interval') intervals.push(read.interval);
    else rejected.push(...read.rejected);
  }
  return { intervals, rejected };
};

const decoded = (bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalidRequest([{ field: 'body', message: 'is not valid UTF-8' }]);
  }
};

type ReadItem =
  | { readonly kind: 'interval'; readonly interval: DeliveredInterval }
  | { readonly kind: 'rejected'; readonly rejected: readonly Rejection[] };

const readingOf = (item: unknown, line: number): ReadItem => {
  const read = validate(readingSchema, item);
  if (read.kind === 'invalid') {
    return { kind: 'rejected', rejected: read.errors.map(({ field, message }) => ({ line, field, reason: message })) };
  }
  const { meterId, start, durationSeconds, wh, quality } = read.value;
  const energy = energyOf(String(wh), 0, durationSeconds);
  if ('problem' in energy) return { kind: 'rejected', rejected: [{ line, field: 'wh', reason: energy.problem }] };
  return {
    kind: 'interval',
    interval: {
      line,
      meterId,
      register: TOTAL,
      flow: 'import',
      // As the client writes it: its own local time, when it sends an offset.
      date: start.slice(0, 10) as IsoDate,
      startMs: Date.parse(start),
      durationSeconds,
      wh: energy.wh,
      quality,
    },
  };
};
