import { describe, expect, test } from '@jest/globals';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { buildAppAndStacks } from '../../lib/app.ts';
import type { BaseloadConfig } from '../../lib/config.ts';
import { euConfig, findingsAfter, usConfig } from './synthesized.ts';

interface Acknowledged {
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
  readonly takeBack: () => void;
}

const acknowledgmentsIn = (root: IConstruct): readonly Acknowledged[] =>
  root.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }: { data: Record<string, string> }) =>
        Object.entries(data).map(([rule, reason]) => ({
          path: node.path,
          rule: rule.replace(/^annotation::/i, ''),
          reason,
          takeBack: () => {
            delete data[rule];
          },
        })),
      ),
  );

const nag = (root: IConstruct): readonly string[] =>
  new AwsSolutionsChecks()
    .validateScope(root)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );

const everythingOn = (): BaseloadConfig => ({
  ...usConfig(),
  gameDays: { schedule: { weekday: 'TUE', hourUtc: 13 } },
  outsidePayer: { account: 'us_test-a', currency: 'USD', everyMinutes: 10 },
});

describe('findings of cdk-nag and CloudFormation Validate', () => {
  test.each<[string, BaseloadConfig]>([
    ['us', usConfig()],
    ['eu', euConfig()],
    ['us with every switch on', everythingOn()],
    [
      'eu with every switch on',
      {
        ...everythingOn(),
        ...euConfig(),
        outsidePayer: { account: 'eu_test-a', currency: 'EUR', everyMinutes: 10 },
      },
    ],
    [
      'us in a named account, with e-mails',
      { ...usConfig(), account: '111122223333', alarmEmails: { P0: ['oncall@example.com'] } },
    ],
  ])('%s: none is open', (_name, config) => {
    expect(findingsAfter(() => undefined, config)).toEqual([]);
  });

  test('what was accepted, and why', () => {
    const { app } = buildAppAndStacks({ config: usConfig(), assets: 'stub' });
    const acknowledgments = acknowledgmentsIn(app);
    const inOneRegion = acknowledgments.filter(({ path }) => /^baseload-us-\w+-us-west-2\//.test(path));
    expect(
      inOneRegion
        .map(({ path, rule, reason }) => `${path.replace('baseload-us-region-us-west-2/', '')} ${rule}: ${reason}`)
        .sort(),
    ).toMatchSnapshot();
    expect(acknowledgments).toHaveLength(2 * inOneRegion.length);
  });

  test('what was accepted besides, where every switch is on', () => {
    const accepted = (config: BaseloadConfig) =>
      acknowledgmentsIn(buildAppAndStacks({ config, assets: 'stub' }).app).map(
        ({ path, rule, reason }) => `${path} ${rule}: ${reason}`,
      );
    const before = accepted(usConfig());
    expect(
      accepted(everythingOn())
        .filter((one) => !before.includes(one) && !one.includes('us-east-1'))
        .sort(),
    ).toMatchSnapshot();
  });

  test.each([
    ['by default', usConfig()],
    ['with every switch on', everythingOn()],
  ])(
    'without the acknowledgments exactly their findings are back, %s: none is idle, none hides another',
    (_when, config) => {
      const { app } = buildAppAndStacks({ config, assets: 'stub' });
      const acknowledgments = acknowledgmentsIn(app);
      expect(nag(app)).toEqual([]);
      for (const { takeBack } of acknowledgments) takeBack();
      const expected = acknowledgments.map(({ rule, path }) => `${rule} ${path}/Resource`);
      expect([...nag(app)].sort()).toEqual(expected.sort());
    },
  );
});

test('CloudFormation Validate runs, and a warning of it fails the synthesis', () => {
  const findings = findingsAfter(({ regions }) => {
    const [fn] = regions.map(
      (stack) =>
        stack.node.findChild('Payments').node.findChild('Function').node.defaultChild as IConstruct & {
          runtime: string;
        },
    );
    if (fn === undefined) throw new Error('no function');
    fn.runtime = 'nodejs12.x';
  });
  expect(findings.some((finding) => finding.includes('nodejs12.x'))).toBe(true);
});
