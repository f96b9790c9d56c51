import { expect, test } from '@jest/globals';
import { parseJson } from '../../../lambdas/shared/http/json-text.ts';

const refusal = (text: string) => {
  const parsed = parseJson(text);
  return parsed.kind === 'refused' ? parsed.error : parsed;
};

test('plain JSON is parsed', () => {
  expect(parseJson('{"a":[1,"x",{"a":null}],"b":"a\\"b:{"}')).toEqual({
    kind: 'parsed',
    value: { a: [1, 'x', { a: null }], b: 'a"b:{' },
  });
});

test('a field named twice is refused, however its name is written', () => {
  expect(refusal('{"amountMinor":1,"amountMinor":1000}')).toEqual({ field: 'body', message: 'names a field twice' });
  expect(refusal('{"amountMinor":1,"amount\\u004dinor":1000}')).toEqual({
    field: 'body',
    message: 'names a field twice',
  });
});

test('the same name in sibling objects is no repetition', () => {
  expect(parseJson('{"lines":[{"a":1},{"a":2}],"a":3}').kind).toBe('parsed');
});

test.each(['{"__proto__":{"admin":true}}', '{"a":{"\\u005f_proto__":1}}', '{"constructor":1}', '{"prototype":1}'])(
  'a prototype key is refused: %s',
  (text) => {
    expect(refusal(text)).toEqual({ field: 'body', message: 'holds a field name that is not allowed' });
  },
);

test('nesting is bounded at 16 levels', () => {
  expect(parseJson(`${'['.repeat(16)}${']'.repeat(16)}`).kind).toBe('parsed');
  expect(refusal(`${'['.repeat(17)}${']'.repeat(17)}`)).toEqual({
    field: 'body',
    message: 'is nested deeper than 16 levels',
  });
  expect(refusal(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)).toEqual({
    field: 'body',
    message: 'is nested deeper than 16 levels',
  });
});

test('what is no JSON is refused without repeating it', () => {
  expect(refusal('{"card":4111111111111111')).toEqual({ field: 'body', message: 'is not valid JSON' });
});

test('64 KiB of open strings cost no time to speak of', () => {
  const tookMs = Array.from({ length: 5 }, () => {
    const startedMs = performance.now();
    expect(refusal('"\\'.repeat(32_000))).toEqual({ field: 'body', message: 'is not valid JSON' });
    return performance.now() - startedMs;
  });
  // The quickest of them: the machine may have been away in another.
  expect(Math.min(...tookMs)).toBeLessThan(500);
});

test('a number that becomes Infinity is refused', () => {
  expect(refusal('{"amountMinor":1e400}')).toEqual({ field: 'body', message: 'holds a number out of range' });
  expect(refusal('{"amountMinor":-1e400}')).toEqual({ field: 'body', message: 'holds a number out of range' });
});
