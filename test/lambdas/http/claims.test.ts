import { describe, expect, test } from '@jest/globals';
import { callerOf } from '../../../lambdas/shared/http/claims.ts';
import { apiEvent } from '../harness/api-event.ts';

const caller = (claims: Record<string, unknown> | null) =>
  callerOf(apiEvent({ routeKey: 'GET /v1/accounts/{accountId}', claims }));
const accounts = (claim: unknown) => [...(caller({ accounts: claim })?.accounts ?? [])];

describe('array claim delivered as the string [a b]: read loosely, a payer gets others’ accounts or none', () => {
  test('the string is a list', () => {
    expect(accounts('[us_a us_b]')).toEqual(['us_a', 'us_b']);
    expect(accounts('[us_a]')).toEqual(['us_a']);
  });

  test('a real array is one too', () => {
    expect(accounts(['us_a', 'us_b'])).toEqual(['us_a', 'us_b']);
  });

  test.each([
    undefined,
    null,
    '',
    '[]',
    '[ ]',
    'us_a',
    'us_a us_b',
    '[us_a, us_b',
    'us_a]',
    '[us_a  us_b]',
    '[[us_a] us_b]',
    ' [us_a]',
    '["us_a"',
    7,
    true,
    { 0: 'us_a' },
    ['us_a', 7],
    ['us_a', ['us_b']],
  ])('%j is no list of accounts', (claim) => {
    expect(accounts(claim)).toEqual([]);
  });

  test('JSON text keeps its quotes and commas, so it matches no account', () => {
    expect(accounts('["us_a","us_b"]')).toEqual(['"us_a","us_b"']);
  });
});

test('scopes come as one string with spaces, or as a list', () => {
  expect([...(caller({ scope: 'billing:read billing:pay' })?.scopes ?? [])]).toEqual(['billing:read', 'billing:pay']);
  expect([...(caller({ scope: '[billing:read billing:pay]' })?.scopes ?? [])]).toEqual(['billing:read', 'billing:pay']);
  expect([...(caller({ scope: ['billing:read'] })?.scopes ?? [])]).toEqual(['billing:read']);
  expect([...(caller({})?.scopes ?? [])]).toEqual([]);
});

test('without an authorizer there is no caller', () => {
  expect(caller(null)).toBeUndefined();
});
