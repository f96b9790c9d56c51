// Owns the proof that a custom resource's function is run as CloudFormation runs it, and only when its properties are new.
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import type { CustomResourcePlan, FunctionPlan } from '../../../local/assembly/plan.ts';
import { type Lambda, startLambda } from '../../../local/lambda/service.ts';
import { makeCustomResources } from '../../../local/region/custom-resources.ts';
import { regionOf, workspace } from '../lambda/bundled.ts';

const space = workspace();
const started: Lambda[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((lambda) => lambda.close()));
});
afterAll(() => space.remove());

const answering = (answer: string) => `
let calls = 0;
export const handler = async (event: any) => {
  calls += 1;
  await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(${answer}) });
};`;
const SUCCESS = `{ Status: 'SUCCESS', Data: { StreamArn: event.ResourceProperties.TableName + ':' + event.RequestType + ':' + calls } }`;

const resource = (properties: Record<string, unknown> = { TableName: 'ledger' }): CustomResourcePlan => ({
  id: 'stack/Stream',
  type: 'Custom::ReplicaStream',
  logicalId: 'Stream',
  stackName: 'stack',
  functionName: 'maker',
  properties,
});

function maker(name: string, source: string): FunctionPlan {
  return { ...space.fn(name, source), name: 'maker' };
}

function start(fn: FunctionPlan): Lambda {
  const lambda = startLambda({ plan: regionOf(fn), endpoints: {}, onLog: () => undefined, onMetric: () => undefined });
  started.push(lambda);
  return lambda;
}

test('its data is what the function put; it is asked again only when a property changes', async () => {
  const { invoke } = start(maker('good', answering(SUCCESS)));
  const file = join(space.dir, 'kept', 'custom.json');
  const make = async (one: CustomResourcePlan) =>
    (
      await makeCustomResources({ region: 'us-east-1', account: '111111111111', customResources: [one] }, invoke, file)
    ).get('stack/Stream');
  expect(await make(resource())).toEqual({ StreamArn: 'ledger:Create:1' });
  expect(await make(resource())).toEqual({ StreamArn: 'ledger:Create:1' });
  expect(await make(resource({ TableName: 'ledger', Generation: 'g2' }))).toEqual({ StreamArn: 'ledger:Create:2' });
});

test.each([
  ['refuses', answering(`{ Status: 'FAILED', Reason: 'no such table' }`), 'no such table'],
  ['throws', `export const handler = async () => { throw new TypeError('broken'); };`, 'TypeError: broken'],
])('a function that %s stops the Region with its reason', async (how, source, reason) => {
  const { invoke } = start(maker(how, source));
  const made = makeCustomResources(
    { region: 'us-east-1', account: '111111111111', customResources: [resource()] },
    invoke,
    join(space.dir, how, 'custom.json'),
  );
  await expect(made).rejects.toThrow(`custom resource stack/Stream (Custom::ReplicaStream) failed: ${reason}`);
});
