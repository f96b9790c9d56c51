// Owns the proof that policies mean here what they mean on AWS, refusals word for word.
import { describe, expect, test } from '@jest/globals';
import type { PolicyStatement } from '../../../local/assembly/plan.ts';
import { accessKeyOf, callersOf } from '../../../local/iam/callers.ts';
import { accessDenied } from '../../../local/iam/denied.ts';
import { neededActions } from '../../../local/iam/dynamodb-actions.ts';
import { authorize, checkStatements } from '../../../local/iam/evaluate.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:111111111111:table/ledger';
const USER = 'arn:aws:sts::111111111111:assumed-role/payments-role/payments';

const allow = (
  Action: string[],
  Resource: string[] = [TABLE],
  Condition?: PolicyStatement['Condition'],
): PolicyStatement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});
const deny = (...parts: Parameters<typeof allow>): PolicyStatement => ({ ...allow(...parts), Effect: 'Deny' });

function ask(statements: readonly PolicyStatement[], action: string, resource = TABLE, context = {}) {
  return authorize({ principalArn: USER, statements, action, resource, context });
}

const NOT_ALLOWED =
  'User: arn:aws:sts::111111111111:assumed-role/payments-role/payments is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:111111111111:table/ledger because no identity-based policy allows the dynamodb:PutItem action';
const DENIED =
  'User: arn:aws:sts::111111111111:assumed-role/payments-role/payments is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:111111111111:table/ledger with an explicit deny in an identity-based policy';

describe('authorize', () => {
  const leading = (...keys: string[]) => ({ 'dynamodb:LeadingKeys': keys });
  const hb = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['hb#us-east-1#*'] } };

  test.each<[string, PolicyStatement[], object, boolean]>([
    ['the exact action', [allow(['dynamodb:PutItem'])], {}, true],
    ['the action in another case', [allow(['DynamoDB:putitem'])], {}, true],
    ['a trailing wildcard', [allow(['dynamodb:Put*'])], {}, true],
    ['a single-character wildcard', [allow(['dynamodb:P?tItem'])], {}, true],
    ['a resource wildcard', [allow(['dynamodb:PutItem'], ['arn:aws:dynamodb:*:*:table/led*'])], {}, true],
    ['one of several statements', [allow(['dynamodb:GetItem']), allow(['dynamodb:PutItem'])], {}, true],
    ['a condition that holds', [allow(['dynamodb:PutItem'], [TABLE], hb)], leading('hb#us-east-1#03'), true],
    ['an absent key under ForAllValues', [allow(['dynamodb:PutItem'], [TABLE], hb)], {}, true],
    [
      'a Bool',
      [allow(['dynamodb:PutItem'], [TABLE], { Bool: { 'aws:SecureTransport': 'true' } })],
      { 'aws:SecureTransport': ['true'] },
      true,
    ],
    [
      'a negated operator on an absent key',
      [allow(['dynamodb:PutItem'], [TABLE], { StringNotEquals: { 'kms:ViaService': 'x' } })],
      {},
      true,
    ],
    ['no statement', [], {}, false],
    ['another action', [allow(['dynamodb:GetItem'])], {}, false],
    ['an action that only begins so', [allow(['dynamodb:Put'])], {}, false],
    ['another table', [allow(['dynamodb:PutItem'], [`${TABLE}2`])], {}, false],
    ['a dot taken for any character', [allow(['dynamodb:PutItem'], [TABLE.replace('ledger', 'l.dger')])], {}, false],
    ['a resource in another case', [allow(['dynamodb:PutItem'], [TABLE.toUpperCase()])], {}, false],
    ['one leading key outside', [allow(['dynamodb:PutItem'], [TABLE], hb)], leading('hb#us-east-1#03', 'us_a'), false],
    [
      'an absent key under a plain operator',
      [allow(['dynamodb:PutItem'], [TABLE], { StringEquals: { 'kms:ViaService': 'x' } })],
      {},
      false,
    ],
    [
      'no value under ForAnyValue',
      [allow(['dynamodb:PutItem'], [TABLE], { 'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys': ['a'] } })],
      {},
      false,
    ],
    ['a deny over an allow', [allow(['dynamodb:*']), deny(['dynamodb:PutItem'])], {}, false],
  ])('%s', (_what, statements, context, allowed) => {
    expect(ask(statements, 'dynamodb:PutItem', TABLE, context).allowed).toBe(allowed);
  });

  test('a refusal is in AWS’s words, an explicit deny too', () => {
    expect(ask([], 'dynamodb:PutItem')).toEqual({ allowed: false, message: NOT_ALLOWED });
    expect(ask([allow(['*'], ['*']), deny(['dynamodb:*'])], 'dynamodb:PutItem')).toEqual({
      allowed: false,
      message: DENIED,
    });
    expect(accessDenied(NOT_ALLOWED)).toEqual({
      status: 400,
      body: `{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"${NOT_ALLOWED}"}`,
    });
  });

  test.each([
    [
      { NumericLessThan: { 'aws:RequestedRegion': '1' } },
      /role r, statement 0: condition operator NumericLessThan is not known here/,
    ],
    [
      { StringEquals: { 'aws:PrincipalTag/team': 'x' } },
      /role r, statement 0: condition key aws:PrincipalTag\/team is not known here/,
    ],
  ])('what the evaluator does not know stops the load: %j', (condition, message) => {
    expect(() => checkStatements([allow(['a:B'], ['*'], condition as PolicyStatement['Condition'])], 'role r')).toThrow(
      message,
    );
  });

  test('an element like NotAction stops the load', () => {
    const statement = { ...allow([]), NotAction: ['a:B'] };
    expect(() => checkStatements([statement], 'role r')).toThrow(
      'role r, statement 0: element NotAction is not known here: use Action and Resource',
    );
  });
});

describe('what a DynamoDB request needs', () => {
  const table = (name: string) => (name === 'ledger' ? { arn: TABLE, partitionKey: 'pk' } : undefined);
  const arnOfUnknown = (name: string) => `arn:aws:dynamodb:us-east-1:111111111111:table/${name}`;
  const needs = (operation: string, body: Record<string, unknown>) =>
    neededActions({ operation, body, region: 'us-east-1', table, arnOfUnknown }).map(
      ({ action, resource, context }) => [action, resource.split(':').at(-1), context['dynamodb:LeadingKeys']],
    );
  const key = { pk: { S: 'us_a' }, sk: { S: 'a#000' } };

  test.each<[string, Record<string, unknown>, unknown]>([
    ['PutItem', { TableName: 'ledger', Item: key }, [['dynamodb:PutItem', 'table/ledger', ['us_a']]]],
    ['GetItem', { TableName: TABLE, Key: key }, [['dynamodb:GetItem', 'table/ledger', ['us_a']]]],
    ['DeleteItem', { TableName: 'nowhere', Key: key }, [['dynamodb:DeleteItem', 'table/nowhere', []]]],
    [
      'Query',
      {
        TableName: 'ledger',
        IndexName: 'by-time',
        KeyConditionExpression: '#p = :p AND begins_with(sk, :s)',
        ExpressionAttributeNames: { '#p': 'pk' },
        ExpressionAttributeValues: { ':p': { S: 'us_a' }, ':s': { S: 'p#' } },
      },
      [['dynamodb:Query', 'table/ledger/index/by-time', ['us_a']]],
    ],
    [
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 'ledger', Item: key } },
          { ConditionCheck: { TableName: 'ledger', Key: key } },
        ],
      },
      [
        ['dynamodb:PutItem', 'table/ledger', ['us_a']],
        ['dynamodb:ConditionCheckItem', 'table/ledger', ['us_a']],
      ],
    ],
    [
      'BatchGetItem',
      { RequestItems: { ledger: { Keys: [key, { pk: { S: 'us_b' } }] } } },
      [['dynamodb:BatchGetItem', 'table/ledger', ['us_a', 'us_b']]],
    ],
    [
      'BatchWriteItem',
      { RequestItems: { ledger: [{ PutRequest: { Item: key } }] } },
      [['dynamodb:BatchWriteItem', 'table/ledger', ['us_a']]],
    ],
    ['DescribeStream', { StreamArn: `${TABLE}/stream/x` }, [['dynamodb:DescribeStream', 'table/ledger/stream/x', []]]],
  ])('%s', (operation, body, expected) => {
    expect(needs(operation, body)).toEqual(expected);
  });
});

describe('callers', () => {
  test('an access key is a role’s, the operator’s or nobody’s', () => {
    const find = callersOf({
      account: '111111111111',
      roles: [{ name: 'payments-role', arn: 'arn:r', accessKeyId: 'LKIA1', statements: [allow(['dynamodb:GetItem'])] }],
      functions: [
        {
          logicalId: 'F',
          name: 'payments',
          arn: 'arn:f',
          roleName: 'payments-role',
          assetDir: '/',
          handler: 'i.h',
          timeoutSeconds: 1,
          memoryMb: 128,
          environment: {},
        },
      ],
    });
    expect(find('LKIA1')?.principalArn).toBe(USER);
    expect(find('operator')?.principalArn).toBe('arn:aws:iam::111111111111:user/operator');
    expect(find('other')).toBeUndefined();
  });

  test('the key is read from the credential of the signature', () => {
    expect(
      accessKeyOf(
        'AWS4-HMAC-SHA256 Credential=LKIA1/20261101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      ),
    ).toBe('LKIA1');
    expect(accessKeyOf('Bearer x')).toBeUndefined();
    expect(accessKeyOf(undefined)).toBeUndefined();
  });
});
