import { describe, expect, test } from '@jest/globals';
import { canonicalItem, canonicalNumber, type Item } from '../../local/dynamodb/images.ts';
import { keyConditionOf } from '../../local/dynamodb/ledger/key-condition.ts';

describe('canonical items', () => {
  test.each([
    ['1.50', '1.5'],
    ['15e-1', '1.5'],
    ['1E2', '100'],
    ['-0.0', '0'],
    ['007', '7'],
    ['-12.340', '-12.34'],
    ['0.001', '0.001'],
    ['1e-3', '0.001'],
    ['99999999999999999999999999999999999999', '99999999999999999999999999999999999999'],
  ])('number %s is %s', (text, canonical) => {
    expect(canonicalNumber(text)).toBe(canonical);
  });

  test('do not depend on the order of attributes and set members, nor on the form of numbers', () => {
    const one: Item = {
      pk: { S: 'a' },
      n: { N: '1.0' },
      s: { SS: ['y', 'x'] },
      m: { M: { b: { NS: ['2', '1e0'] }, a: { L: [{ N: '01' }] } } },
    };
    const other: Item = {
      m: { M: { a: { L: [{ N: '1' }] }, b: { NS: ['1', '2.0'] } } },
      s: { SS: ['x', 'y'] },
      n: { N: '1' },
      pk: { S: 'a' },
    };
    expect(canonicalItem(one)).toBe(canonicalItem(other));
    expect(canonicalItem(one)).toBe(
      '{"m":{"M":{"a":{"L":[{"N":"1"}]},"b":{"NS":["1","2"]}}},"n":{"N":"1"},"pk":{"S":"a"},"s":{"SS":["x","y"]}}',
    );
  });
});

describe('key conditions', () => {
  const matches = (KeyConditionExpression: string, sk: string): boolean =>
    keyConditionOf(
      {
        KeyConditionExpression,
        ExpressionAttributeNames: { '#p': 'pk', '#s': 'sk' },
        ExpressionAttributeValues: { ':p': { S: 'a' }, ':x': { S: 'b#2' }, ':y': { S: 'b#4' } },
      },
      { partitionKey: 'pk', sortKey: 'sk' },
    ).matches({ pk: { S: 'a' }, sk: { S: sk } });

  test.each([
    ['pk = :p', 'anything', true],
    ['#p = :p AND begins_with(#s, :x)', 'b#2#000', true],
    ['#p = :p and begins_with (sk, :x)', 'b#3', false],
    ['pk = :p AND sk BETWEEN :x AND :y', 'b#4', true],
    ['pk = :p AND sk BETWEEN :x AND :y', 'b#5', false],
    ['(pk = :p) AND (sk >= :x)', 'b#2', true],
    ['sk < :x AND pk = :p', 'b#2', false],
    ['sk <= :x AND pk = :p', 'b#2', true],
    ['pk = :p AND sk > :y', 'b#5', true],
  ])('%s of %s: %s', (expression, sk, expected) => {
    expect(matches(expression, sk)).toBe(expected);
  });

  test('a form that is not known is refused by name', () => {
    expect(() => matches('pk = :p AND contains(sk, :x)', 'b')).toThrow(
      'not emulated locally: KeyConditionExpression pk = :p AND contains(sk, :x) in an eventually consistent read of an MRSC table',
    );
  });
});
