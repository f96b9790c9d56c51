// Owns the way from API Gateway's body to a parsed JSON value: size, media type, encoding, JSON.
// Leaves to json-text.ts what JSON is refused, and to validation.ts what the value must be.
import { type ApiEvent, header } from './event.ts';
import { parseJson } from './json-text.ts';
import { invalidRequest, Refusal } from './problem.ts';

/** 64 KiB: CONTRACT, other refusals. */
export const MAX_BODY_BYTES = 65_536;

const JSON_MEDIA_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/** Senders of JSON must not add one, and parsers differ in what they make of it: RFC 8259, 8.1. */
const BYTE_ORDER_MARK = '\uFEFF';
/** Of surrogates: no UTF-8 stands for one alone. */
const HALF_PAIR = /\p{Cs}/u;
const BROKEN = 'is not valid UTF-8';

/**
 * The JSON value the client sent.
 * @throws Refusal 413 over 64 KiB, 415 for another media type, 400 for what is no unambiguous JSON in UTF-8.
 */
export const readJsonBody = (event: ApiEvent): unknown => {
  const { body = '', isBase64Encoded } = event;
  const byteLength = Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8');
  if (byteLength > MAX_BODY_BYTES) {
    throw new Refusal('body-too-large', `The body has ${byteLength} bytes; at most ${MAX_BODY_BYTES} are taken`);
  }
  if (!JSON_MEDIA_TYPE.test((header(event, 'content-type') ?? '').trim())) {
    throw new Refusal('unsupported-media-type', 'Send content-type: application/json, in UTF-8');
  }
  const text = isBase64Encoded ? decoded(Buffer.from(body, 'base64')) : body;
  if (text.startsWith(BYTE_ORDER_MARK)) throw refused('begins with a byte order mark: send it without');
  if (HALF_PAIR.test(text)) throw refused(BROKEN);
  const parsed = parseJson(text);
  if (parsed.kind === 'refused') throw invalidRequest([parsed.error]);
  return parsed.value;
};

const decoded = (bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refused(BROKEN);
  }
};

const refused = (message: string): Refusal => invalidRequest([{ field: 'body', message }]);
