import { expect, test } from '@jest/globals';
import { readJsonBody } from '../../../lambdas/shared/http/body.ts';
import type { ApiEvent } from '../../../lambdas/shared/http/event.ts';
import { Refusal } from '../../../lambdas/shared/http/problem.ts';
import { apiEvent } from '../harness/api-event.ts';

const routeKey = 'POST /v1/accounts';
const refusalOfEvent = (event: ApiEvent): unknown => {
  try {
    readJsonBody(event);
  } catch (error) {
    if (error instanceof Refusal) return [error.problem.status, error.slug, error.errors];
    throw error;
  }
  return 'accepted';
};
const refusalOf = (call: Omit<Parameters<typeof apiEvent>[0], 'routeKey'>): unknown =>
  refusalOfEvent(apiEvent({ routeKey, ...call }));

test('text and base64 are read alike', () => {
  expect(readJsonBody(apiEvent({ routeKey, body: { name: 'Zoë' } }))).toEqual({ name: 'Zoë' });
  expect(readJsonBody(apiEvent({ routeKey, body: { name: 'Zoë' }, base64: true }))).toEqual({ name: 'Zoë' });
});

test('65,536 bytes are taken, one more is not, counted in bytes and not in characters', () => {
  const ofBytes = (bytes: number) => `"${'a'.repeat(bytes - 2)}"`;
  expect(refusalOf({ body: ofBytes(65_536) })).toBe('accepted');
  expect(refusalOf({ body: ofBytes(65_537) })).toEqual([413, 'body-too-large', undefined]);
  expect(refusalOf({ body: ofBytes(65_537), base64: true })).toEqual([413, 'body-too-large', undefined]);
  expect(refusalOf({ body: `"${'é'.repeat(32_768)}"` })).toEqual([413, 'body-too-large', undefined]);
});

test.each([
  undefined,
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/json; charset=latin1',
  'application/jsonp',
])('media type %s is refused with 415', (type) => {
  const headers = { 'content-type': type ?? '' };
  expect(refusalOf({ body: {}, headers })).toEqual([415, 'unsupported-media-type', undefined]);
});

test.each([
  'application/json',
  'Application/JSON',
  'application/json; charset=utf-8',
  'application/json;charset="UTF-8"',
])('media type %s is taken', (type) => {
  expect(refusalOf({ body: {}, headers: { 'content-type': type } })).toBe('accepted');
});

test('no body, broken UTF-8 and broken JSON are 400', () => {
  const json = { 'content-type': 'application/json' };
  expect(refusalOf({ headers: json })).toEqual([
    400,
    'invalid-request',
    [{ field: 'body', message: 'is not valid JSON' }],
  ]);
  expect(refusalOf({ headers: json, body: '{' })).toEqual([
    400,
    'invalid-request',
    [{ field: 'body', message: 'is not valid JSON' }],
  ]);
  const broken = { ...apiEvent({ routeKey, headers: json }), body: Buffer.from([0x22, 0xff, 0x22]).toString('base64') };
  expect(() => readJsonBody({ ...broken, isBase64Encoded: true })).toThrow(/invalid-request: One field is not valid/);
});

/** As WTF-8 writes it, which is no UTF-8: Node's own encoder puts U+FFFD in its place. */
const HALF_PAIR = Buffer.from([0xed, 0xa0, 0x80]);

test.each([
  ['a byte order mark', '\uFEFF{"amountMinor":100}', undefined, 'begins with a byte order mark: send it without'],
  [
    'half a surrogate pair',
    '{"reason":"\ud800"}',
    Buffer.concat([Buffer.from('{"reason":"'), HALF_PAIR, Buffer.from('"}')]),
    'is not valid UTF-8',
  ],
])('%s is 400, as text and as base64', (_what, text, bytes, message) => {
  const refused = [400, 'invalid-request', [{ field: 'body', message }]];
  const asText = apiEvent({ routeKey, body: text });
  const asBase64 = { ...asText, body: (bytes ?? Buffer.from(text)).toString('base64'), isBase64Encoded: true };
  expect([asText, asBase64].map(refusalOfEvent)).toEqual([refused, refused]);
});

test('a whole surrogate pair is taken, as text and as base64', () => {
  expect(refusalOf({ body: '{"reason":"💡"}' })).toBe('accepted');
  expect(refusalOf({ body: '{"reason":"💡"}', base64: true })).toBe('accepted');
});
