// Owns the proof of which events a rule takes.
import { expect, test } from '@jest/globals';
import { matches } from '../../../local/events/pattern.ts';

const STOPPED = {
  source: 'aws.codedeploy',
  'detail-type': 'CodeDeploy Deployment State-change Notification',
  detail: { application: 'baseload-us', state: 'STOP' },
};
const detail = { application: ['baseload-us'], state: ['FAILURE', 'STOP'] };

test('an event matches when each field that the pattern names has one of its values', () => {
  expect(matches({ source: ['aws.codedeploy'], detail }, STOPPED)).toBe(true);
  expect(matches({}, STOPPED)).toBe(true);
});

test.each([
  ['another source', { source: ['aws.ec2'], detail }],
  ['another state', { detail: { state: ['SUCCESS'] } }],
  ['a field that the event has not', { detail: { deploymentGroup: ['payments'] } }],
  ['a text where the pattern has fields', { source: { name: ['aws.codedeploy'] } }],
])('%s does not', (_what, pattern) => {
  expect(matches(pattern, STOPPED)).toBe(false);
});
