// Owns the proof that each intrinsic function gives what CloudFormation gives.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how Fn::Sub is written.
import { expect, test } from '@jest/globals';
import { NO_VALUE, Scope } from '../../../local/assembly/intrinsics.ts';
import { physicalIdentity } from '../../../local/assembly/physical.ts';

const scope = new Scope(
  {
    name: 'stack',
    region: 'us-east-1',
    account: '123456789012',
    assetDirs: new Map(),
    template: {
      Parameters: { Size: { Type: 'Number', Default: 3 } },
      Conditions: {
        Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
        Elsewhere: { 'Fn::Not': [{ Condition: 'Here' }] },
        Both: { 'Fn::And': [{ Condition: 'Here' }, { Condition: 'Elsewhere' }] },
        Either: { 'Fn::Or': [{ Condition: 'Here' }, { Condition: 'Elsewhere' }] },
      },
      Mappings: { Codes: { 'us-east-1': { short: 'use1' } } },
      Resources: {
        Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Join': ['-', ['q', { Ref: 'Size' }]] } } },
        Stream: { Type: 'Custom::Thing' },
      },
    },
  },
  physicalIdentity,
  (name) => `imported ${name}`,
);

test.each<[unknown, unknown]>([
  ['plain', 'plain'],
  [7, 7],
  [{ Ref: 'AWS::Region' }, 'us-east-1'],
  [{ Ref: 'AWS::AccountId' }, '123456789012'],
  [{ Ref: 'AWS::Partition' }, 'aws'],
  [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
  [{ Ref: 'AWS::StackName' }, 'stack'],
  [{ Ref: 'Size' }, 3],
  [{ Ref: 'Queue' }, 'https://sqs.us-east-1.amazonaws.com/123456789012/q-3'],
  [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:123456789012:q-3'],
  [{ 'Fn::GetAtt': 'Queue.QueueName' }, 'q-3'],
  [{ 'Fn::GetAtt': ['Stream', 'Made'] }, '{{custom:stack/Stream.Made}}'],
  [{ 'Fn::Join': [':', ['a', { Ref: 'AWS::Partition' }, 1]] }, 'a:aws:1'],
  [{ 'Fn::Split': ['/', 'a/b/c'] }, ['a', 'b', 'c']],
  [{ 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
  [{ 'Fn::Sub': '${AWS::Region}/${Queue.QueueName}/${!Literal}' }, 'us-east-1/q-3/${Literal}'],
  [{ 'Fn::Sub': ['${Own}-${Size}', { Own: { Ref: 'AWS::Partition' } }] }, 'aws-3'],
  [{ 'Fn::ImportValue': { 'Fn::Sub': 'key-${AWS::Region}' } }, 'imported key-us-east-1'],
  [{ 'Fn::If': ['Here', 'yes', 'no'] }, 'yes'],
  [{ 'Fn::If': ['Elsewhere', 'yes', 'no'] }, 'no'],
  [{ 'Fn::If': ['Both', 'yes', 'no'] }, 'no'],
  [{ 'Fn::If': ['Either', 'yes', 'no'] }, 'yes'],
  [{ 'Fn::FindInMap': ['Codes', { Ref: 'AWS::Region' }, 'short'] }, 'use1'],
  [{ kept: 1, dropped: { Ref: 'AWS::NoValue' } }, { kept: 1 }],
  [['kept', { Ref: 'AWS::NoValue' }], ['kept']],
  [{ Ref: 'AWS::NoValue' }, NO_VALUE],
])('%j', (value, expected) => {
  expect(scope.resolve(value)).toEqual(expected);
});

test.each<[unknown, string]>([
  [{ 'Fn::Select': [9, ['a']] }, 'Fn::Select finds nothing at 9 of ["a"]'],
  [{ 'Fn::FindInMap': ['Codes', 'nowhere', 'short'] }, 'Fn::FindInMap finds nothing at Codes.nowhere.short'],
  [{ 'Fn::If': ['Unheard', 1, 2] }, 'condition Unheard is not defined'],
  [{ 'Fn::GetAtt': ['Gone', 'Arn'] }, 'Fn::GetAtt Gone.Arn: there is no such resource'],
  [{ 'Fn::Join': ['', [['a']]] }, '["a"] is not text'],
])('%j is an error', (value, message) => {
  expect(() => scope.resolve(value)).toThrow(message);
});
