// Owns the way from a request's body to a delivery of readings: size, media type, which parser.
// Leaves to the parsers what the formats say.
import type { Delivery } from '../domain/readings/delivery.ts';
import { type ApiEvent, header } from '../shared/http/event.ts';
import { Refusal } from '../shared/http/problem.ts';
import { parseEspi } from './espi/parse-espi.ts';
import { parseNem12 } from './nem12/parse-nem12.ts';
import { parseJsonReadings } from './parse-json.ts';

/** 4 MiB: CONTRACT, other refusals. A year of 5-minute values as NEM12 is an eighth of it, as Green Button some files. */
const MAX_READINGS_BYTES = 4_194_304;

const PARSERS: ReadonlyMap<string, (bytes: Buffer) => Delivery> = new Map([
  ['application/json', parseJsonReadings],
  ['text/csv', parseNem12],
  ['application/xml', parseEspi],
  ['text/xml', parseEspi],
  ['application/atom+xml', parseEspi],
]);

const UTF8 = /^charset\s*=\s*"?utf-8"?$/i;

/** @throws Refusal 413 over 4 MiB, 415, 400 for JSON that is none; DeliveryRefused */
export const readDelivery = (event: ApiEvent): Delivery => {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > MAX_READINGS_BYTES) {
    throw new Refusal(
      'body-too-large',
      `The body has ${bytes.byteLength} bytes; at most ${MAX_READINGS_BYTES} are taken`,
    );
  }
  const [type = '', ...parameters] = (header(event, 'content-type') ?? '').split(';').map((part) => part.trim());
  const parse = PARSERS.get(type.toLowerCase());
  if (parse === undefined || !parameters.every((parameter) => parameter === '' || UTF8.test(parameter))) {
    throw new Refusal(
      'unsupported-media-type',
      'Send application/json, text/csv (NEM12) or application/xml (Green Button), in UTF-8',
    );
  }
  return parse(bytes);
};
