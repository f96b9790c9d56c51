import { describe, expect, test } from '@jest/globals';
import { euConfig, stackNamed, synthesize } from './synthesized.ts';

const stacks = synthesize();

describe('the stacks of a jurisdiction', () => {
  test('keys → vaults → ledger → alarms → Region A → Region B', () => {
    expect(stacks.map(({ name, region, after }) => ({ name, region, after }))).toEqual([
      { name: 'baseload-us-keys-us-east-1', region: 'us-east-1', after: [] },
      { name: 'baseload-us-keys-us-west-2', region: 'us-west-2', after: [] },
      { name: 'baseload-us-vault-us-east-1', region: 'us-east-1', after: ['baseload-us-keys-us-east-1'] },
      { name: 'baseload-us-vault-us-west-2', region: 'us-west-2', after: ['baseload-us-keys-us-west-2'] },
      {
        name: 'baseload-us-ledger',
        region: 'us-east-1',
        after: ['baseload-us-vault-us-east-1', 'baseload-us-vault-us-west-2'],
      },
      { name: 'baseload-us-alarms-us-east-1', region: 'us-east-1', after: ['baseload-us-ledger'] },
      { name: 'baseload-us-alarms-us-west-2', region: 'us-west-2', after: ['baseload-us-ledger'] },
      { name: 'baseload-us-region-us-east-1', region: 'us-east-1', after: ['baseload-us-alarms-us-east-1'] },
      {
        name: 'baseload-us-region-us-west-2',
        region: 'us-west-2',
        after: ['baseload-us-alarms-us-west-2', 'baseload-us-region-us-east-1'],
      },
    ]);
  });

  test('eu: the ledger is deployed in its owner Region', () => {
    expect(stackNamed(synthesize(euConfig()), 'baseload-eu-ledger').region).toBe('eu-west-1');
  });

  test('tell an operator where everything is', () => {
    const outputsOf = (name: string) =>
      Object.entries(stackNamed(stacks, name).template.findOutputs('*')).map(([id, { Value }]) => [id, Value]);
    const dkim = expect.objectContaining({ 'Fn::Join': expect.anything() });
    expect(outputsOf('baseload-us-region-us-west-2')).toEqual([
      ['NoticeSenderDkim1', dkim],
      ['NoticeSenderDkim2', dkim],
      ['NoticeSenderDkim3', dkim],
      ['PayersAddress', 'https://billing.example.com'],
      ['RegionalAddress', 'https://us-west-2.billing.example.com'],
      ['ApiId', { Ref: expect.stringMatching(/^BillingApi/) }],
      ['LedgerStreamArn', { 'Fn::GetAtt': [expect.stringMatching(/^StreamWorkerStream/), 'StreamArn'] }],
      ['FailureQueueUrl', { Ref: expect.stringMatching(/FailuresQueue/) }],
      ['ViewsTable', 'baseload-us-views-g1'],
      ['RegionStateTable', 'baseload-us-region-state-g1'],
    ]);
    expect(outputsOf('baseload-us-ledger').map(([id]) => id)).toEqual(['LedgerTable', 'ProfilesTable']);
    expect(outputsOf('baseload-us-alarms-us-west-2').map(([id]) => id)).toEqual([
      'TopicP0Arn',
      'TopicP1Arn',
      'TopicP2Arn',
    ]);
  });

  test.each(stacks.map((stack) => [stack.name, stack] as const))('%s: resources by type', (_name, { resources }) => {
    // Logical ids without the hash of a version's content, which changes with every line of a handler.
    const listed = Object.entries(resources).map(
      ([id, { Type }]) => `${id.replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}$/, '$1')}: ${Type}`,
    );
    expect(listed.sort()).toMatchSnapshot();
  });
});

describe('a Region deploys while the other is down', () => {
  test('no template refers to another Region’s stack', () => {
    for (const { text } of stacks) {
      expect(text).not.toMatch(
        /Custom::CrossRegionExport|Custom::CrossRegionImport|ExportsReader|ExportsWriter|Fn::GetStackOutput/,
      );
      expect(text).not.toContain('/cdk/exports');
    }
  });

  test('the only imports are of the key of the same Region', () => {
    for (const { text, name } of stacks) {
      const imported = [...text.matchAll(/"Fn::ImportValue":("[^"]*"|\{[^}]*\})/g)].map(([, what]) => what);
      const allowed = /-(?:region|alarms|vault)-|-ledger$/.test(name) ? ['"baseload-us-key-arn"'] : [];
      expect({ name, imported: [...new Set(imported)] }).toEqual({ name, imported: allowed });
    }
    expect(stacks.filter(({ text }) => text.includes('"Name":"baseload-us-key-arn"')).map(({ name }) => name)).toEqual([
      'baseload-us-keys-us-east-1',
      'baseload-us-keys-us-west-2',
    ]);
  });

  test('a Region stack names the other only in its environment, the evacuation check and nowhere else', () => {
    const { resources } = stackNamed(stacks, 'baseload-us-region-us-east-1');
    const naming = Object.entries(resources).filter(([, resource]) => JSON.stringify(resource).includes('us-west-2'));
    const withoutFunctions = naming
      .filter(([, { Type }]) => Type !== 'AWS::Lambda::Function')
      .map(([, { Type, Properties }]) => [Type, Properties]);
    expect(withoutFunctions).toEqual([
      [
        'AWS::Route53::HealthCheck',
        {
          HealthCheckConfig: expect.objectContaining({
            FullyQualifiedDomainName: 'us-west-2.billing.example.com',
            ResourcePath: '/evacuated/us-east-1',
          }),
          HealthCheckTags: [{ Key: 'Name', Value: 'baseload-us-us-east-1-not-evacuated' }],
        },
      ],
    ]);
  });

  test('no template names a stream with a wildcard', () => {
    expect(stacks.filter(({ text }) => text.includes('stream/*'))).toEqual([]);
  });
});
