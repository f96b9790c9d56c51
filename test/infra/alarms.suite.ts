import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ALARMS, ALL_ALARMS, alarmOf, runbookPath } from '../../lib/alarms/registry.ts';
import { type Resource, resourcesOf, stackNamed, synthesize, usConfig } from './synthesized.ts';

const stacks = synthesize();
const alarmsStack = stackNamed(stacks, 'baseload-us-alarms-us-west-2');
const regionStack = stackNamed(stacks, 'baseload-us-region-us-west-2');
const inBoth = (type: string) => [alarmsStack, regionStack].flatMap((stack) => resourcesOf(stack, type));
const alarms = inBoth('AWS::CloudWatch::Alarm');
const composites = inBoth('AWS::CloudWatch::CompositeAlarm');
const all = [...alarms, ...composites];

const nameOf = ({ Properties }: Resource): string => String(Properties.AlarmName);
const named = (name: string): Resource & { readonly logicalId: string } => {
  const found = all.find((one) => nameOf(one) === `baseload-us-${name}`);
  if (found === undefined) throw new Error(`no alarm baseload-us-${name}`);
  return found;
};
/** A value of a template as one line: references as `<what they refer to>`. */
const line = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : (JSON.stringify(value) ?? '').replace(/\{"Fn::GetAtt":\["([^"]+)","Arn"\]\}/g, (_, id: string) => `<${id}>`);

/** Names of the alarms that a rule or a suppressor refers to, without `baseload-us-`. */
const referredIn = (value: unknown): readonly string[] =>
  [...line(value).matchAll(/<([^>]+)>/g)].map(([, id]) => {
    const found = all.find(({ logicalId }) => logicalId === id);
    return found === undefined ? `? ${id}` : nameOf(found).replace('baseload-us-', '');
  });
const speaks = ({ Properties }: Resource): boolean => Properties.AlarmActions !== undefined;
const members = (composite: Resource): readonly string[] => referredIn(composite.Properties.AlarmRule);

const entryNames = ALARMS.map(({ slug, tier }) => `${slug}-${tier}`);
const partNames = ALARMS.flatMap(({ slug, tier, parts = [] }) => parts.map((part) => `${slug}-${part}-${tier}`));

describe('the registry', () => {
  test('every alarm of it is made once, with its parts; beside them only the composites that speak for some', () => {
    const groupNames = composites.filter(({ Properties }) => Properties.ActionsSuppressor !== undefined).map(nameOf);
    expect(all.map(nameOf).sort()).toEqual(
      [...[...entryNames, ...partNames, 'region-lost-P1'].map((name) => `baseload-us-${name}`), ...groupNames].sort(),
    );
    expect(groupNames.map((name) => name.replace('baseload-us-', ''))).toEqual([
      'ledger-refusals-page-P0',
      'slo-fast-burn-page-P0',
      'payers-P1',
      'payers-P2',
      'work-P1',
      'work-P2',
      'peer-unhealthy-page-P0',
      'routing-silent-page-P0',
      'outlook-P1',
      'pair-P1',
      'pair-P2',
    ]);
  });

  test('somebody is woken for these', () => {
    expect(
      ALARMS.filter(({ tier }) => tier === 'P0')
        .map(({ slug }) => slug)
        .sort(),
    ).toEqual([
      'both-regions-unhealthy',
      'corrupt-fact',
      'ledger-refusals',
      'peer-unhealthy',
      'routing-silent',
      'seal-difference',
      'slo-fast-burn',
    ]);
  });

  test.each(ALL_ALARMS.map(({ slug }) => slug))('%s has a runbook that says what to do and when not to', (slug) => {
    const page = readFileSync(runbookPath(slug), 'utf8');
    expect(page.match(/^## .*$/gm)).toEqual(['## Description', '## Investigation', '## Resolution', '## When not to']);
    expect(page.startsWith(`# ${slug}\n`)).toBe(true);
    expect(page).toContain(`\nAlarm: \`baseload-<jurisdiction>-${slug}-${alarmOf(slug).tier}\``);
  });

  test('no alarm runbook is left over from an alarm that is gone', () => {
    const pages = readdirSync('docs/runbooks').map((page) => page.replace('.md', ''));
    expect(pages.sort()).toEqual([...ALL_ALARMS.map(({ slug }) => slug as string), 'alarm-groups'].sort());
  });

  test('runbooks lead to pages that are there', () => {
    for (const page of readdirSync('docs/runbooks')) {
      const text = readFileSync(`docs/runbooks/${page}`, 'utf8');
      for (const [, target] of text.matchAll(/\]\(([^)#:]+\.md)/g)) {
        expect({ page, target, isThere: existsSync(`docs/runbooks/${target}`) }).toEqual({
          page,
          target,
          isThere: true,
        });
      }
    }
  });
});

describe('every alarm', () => {
  test('says what it means and where its runbook is', () => {
    for (const { slug, tier, meaning } of ALARMS) {
      const { AlarmDescription } = named(`${slug}-${tier}`).Properties;
      expect(AlarmDescription).toBe(`${tier}: ${meaning}. Runbook: docs/runbooks/${slug}.md`);
    }
  });

  test('is told, by itself or by exactly one composite, when it fires and when it is over', () => {
    const parts = new Set(partNames);
    for (const name of [...entryNames, ...partNames]) {
      const spokenForBy = composites.filter((one) => speaks(one) && one.Properties.ActionsSuppressor !== undefined);
      const groups = spokenForBy.filter((one) => members(one).includes(name)).map(nameOf);
      const speakers = [...groups, ...(speaks(named(name)) ? [name] : [])];
      expect({ name, speakers: speakers.length }).toEqual({ name, speakers: parts.has(name) ? 0 : 1 });
    }
    for (const one of all.filter(speaks)) {
      expect(line(one.Properties.OKActions)).toBe(line(one.Properties.AlarmActions));
      expect(line(one.Properties.AlarmActions)).toContain(
        nameOf(one).includes('enrich-alarm-errors')
          ? ':baseload-us-alarms-P1'
          : ':function:baseload-us-enrich-alarm:live',
      );
    }
  });

  test('those of the canary are there before the Region stack names them', () => {
    const watched = resourcesOf(regionStack, 'AWS::CodeDeploy::DeploymentGroup').flatMap(({ Properties }) =>
      (Properties.AlarmConfiguration as { Alarms: { Name: string }[] }).Alarms.map(({ Name }) => Name),
    );
    const early = resourcesOf(alarmsStack, 'AWS::CloudWatch::Alarm').map(nameOf);
    expect(watched).toContain('baseload-us-payments-errors-P1');
    expect(watched).toHaveLength(resourcesOf(regionStack, 'AWS::CodeDeploy::DeploymentGroup').length);
    for (const name of watched) expect(early).toContain(name);
    expect(regionStack.after).toContain('baseload-us-alarms-us-west-2');
  });

  test('silence is bad where something always speaks', () => {
    const treating = (missing: string) =>
      alarms.filter(({ Properties }) => Properties.TreatMissingData === missing).map(nameOf);
    expect(treating('breaching')).toEqual(
      expect.arrayContaining([
        'baseload-us-view-rehydration-P1',
        'baseload-us-region-unhealthy-P1',
        'baseload-us-projection-lag-P1',
        'baseload-us-replication-lag-P1',
        'baseload-us-peer-probe-silent-P1',
        'baseload-us-scrub-silent-P1',
      ]),
    );
    expect(treating('breaching')).not.toContain('baseload-us-peer-unhealthy-P0');
    // ACM says nothing of a certificate that has ended.
    expect(treating('ignore')).toEqual(['baseload-us-certificate-expiry-P1']);
  });

  test('stays within what CloudWatch takes', () => {
    for (const { Properties } of alarms) {
      const metrics = (Properties.Metrics ?? []) as readonly { MetricStat?: { Period: number } }[];
      const periods = metrics.flatMap(({ MetricStat }) => MetricStat?.Period ?? []);
      expect(periods.length).toBeLessThanOrEqual(10);
      expect(new Set(periods).size).toBeLessThanOrEqual(1);
      const period = Number(Properties.Period ?? periods[0]);
      const covered = period * Number(Properties.EvaluationPeriods);
      expect(covered).toBeLessThanOrEqual(period < 3_600 ? 86_400 : 604_800);
    }
    for (const { Properties } of composites) {
      expect(line(Properties.AlarmRule).length).toBeLessThan(10_240);
      expect(referredIn(Properties.AlarmRule).length).toBeLessThanOrEqual(100);
    }
  });
});

test('backups: failed, aborted and expired jobs and failed copies of the vault count, and ring for six hours', () => {
  const { Metrics, EvaluationPeriods, DatapointsToAlarm, Threshold } = named('backups-failed-P2').Properties;
  const measured = (Metrics as readonly { MetricStat?: { Metric: object; Period: number; Stat: string } }[]).flatMap(
    ({ MetricStat }) => MetricStat ?? [],
  );
  expect(measured).toEqual(
    ['BackupJobsFailed', 'BackupJobsAborted', 'BackupJobsExpired', 'CopyJobsFailed'].map((what) => ({
      Metric: {
        Namespace: 'AWS/Backup',
        MetricName: `NumberOf${what}`,
        Dimensions: [{ Name: 'BackupVaultName', Value: 'baseload-us-g1' }],
      },
      Period: 3_600,
      Stat: 'Sum',
    })),
  );
  expect([EvaluationPeriods, DatapointsToAlarm, Threshold]).toEqual([6, 1, 1]);
});

describe('a lost Region is said once', () => {
  const suppressorOf = (name: string) => referredIn(named(name).Properties.ActionsSuppressor);

  test('by the one that is left; a Region that is lost itself says nothing of its peer', () => {
    expect(members(named('peer-unhealthy-page-P0'))).toEqual(['peer-unhealthy-P0']);
    expect(suppressorOf('peer-unhealthy-page-P0')).toEqual(['region-unhealthy-P1']);
  });

  test('both lost: nothing holds that back', () => {
    expect(line(named('both-regions-unhealthy-P0').Properties.AlarmRule)).toContain(' AND ');
    expect(members(named('both-regions-unhealthy-P0'))).toEqual(['region-unhealthy-P1', 'peer-unhealthy-P0']);
    expect(speaks(named('both-regions-unhealthy-P0'))).toBe(true);
    expect(named('both-regions-unhealthy-P0').Properties.ActionsSuppressor).toBeUndefined();
  });

  test('what it explains waits for the explanation, and a while after it', () => {
    expect(line(named('region-lost-P1').Properties.AlarmRule)).toContain(' OR ');
    expect(members(named('region-lost-P1'))).toEqual(['region-unhealthy-P1', 'peer-unhealthy-P0']);
    expect(speaks(named('region-lost-P1'))).toBe(false);
    for (const area of ['payers', 'work', 'outlook'])
      expect(suppressorOf(`${area}-P1`)).toEqual(['region-unhealthy-P1']);
    for (const tier of ['P1', 'P2']) expect(suppressorOf(`pair-${tier}`)).toEqual(['region-lost-P1']);
    const times = (name: string) => {
      const { ActionsSuppressorWaitPeriod, ActionsSuppressorExtensionPeriod } = named(name).Properties;
      return [ActionsSuppressorWaitPeriod, ActionsSuppressorExtensionPeriod];
    };
    expect(times('work-P1')).toEqual([180, 600]);
    expect(times('ledger-refusals-page-P0')).toEqual([60, 300]);
    // A burn rate rings within a minute, before the loss of the Region is known.
    expect(times('slo-fast-burn-page-P0')).toEqual([180, 300]);
  });

  test('the survivor’s own refusals are not explained by the loss of its peer', () => {
    expect(suppressorOf('ledger-refusals-page-P0')).toEqual(['region-unhealthy-P1']);
    expect(suppressorOf('slo-fast-burn-page-P0')).toEqual(['region-unhealthy-P1']);
  });

  test('money in doubt speaks for itself, and no page of P0 has two causes', () => {
    for (const { slug, tier } of ALARMS.filter(({ area }) => area === 'money')) {
      expect({ slug, speaks: speaks(named(`${slug}-${tier}`)) }).toEqual({ slug, speaks: true });
    }
    for (const one of composites.filter((composite) => nameOf(composite).endsWith('-page-P0'))) {
      expect(members(one)).toHaveLength(1);
    }
  });
});

describe('the objective of 99.95 %', () => {
  test.each([
    ['slo-fast-burn', 'P0', { '1h': [3_600, 1, 0.0072], '5m': [300, 1, 0.0072] }],
    ['slo-medium-burn', 'P1', { '6h': [21_600, 1, 0.003], '30m': [1_800, 1, 0.003] }],
    ['slo-slow-burn', 'P2', { '3d': [86_400, 3, 0.0005], '6h': [21_600, 1, 0.0005] }],
  ] as const)('%s: both windows over the rate', (slug, tier, windows) => {
    const rule = named(`${slug}-${tier}`).Properties.AlarmRule;
    expect(line(rule)).toContain(' AND ');
    expect(referredIn(rule)).toEqual(Object.keys(windows).map((window) => `${slug}-${window}-${tier}`));
    for (const [window, [period, periods, threshold]] of Object.entries(windows)) {
      const { Metrics, EvaluationPeriods, DatapointsToAlarm, Threshold } = named(
        `${slug}-${window}-${tier}`,
      ).Properties;
      expect([EvaluationPeriods, DatapointsToAlarm, Threshold]).toEqual([periods, periods, threshold]);
      const used = Metrics as readonly { MetricStat?: { Period: number } }[];
      expect(used.flatMap(({ MetricStat }) => MetricStat?.Period ?? [])).toEqual(Array(6).fill(period));
    }
  });

  test('failed and asked count what crashed and was throttled, and ten failures are the least in the long window', () => {
    const expressions = (name: string) =>
      (named(name).Properties.Metrics as readonly { Id: string; Expression?: string }[]).flatMap(
        ({ Id, Expression }) => (Expression === undefined ? [] : [[Id, Expression]]),
      );
    const unanswered =
      'FILL(paymentsCrashed, 0) + FILL(paymentsThrottled, 0) + FILL(lookupCrashed, 0) + FILL(lookupThrottled, 0)';
    expect(expressions('slo-fast-burn-1h-P0')).toEqual([
      ['expr_1', 'IF(failed >= 10, failed / asked, 0)'],
      ['failed', `FILL(refused, 0) + ${unanswered}`],
      ['asked', `FILL(answered, 0) + ${unanswered}`],
    ]);
    expect(expressions('slo-fast-burn-5m-P0')[0]).toEqual(['expr_1', 'IF(failed >= 1, failed / asked, 0)']);
  });
});

describe('golden signals', () => {
  test('of each route group: failures, latency, saturation', () => {
    expect(named('payments-unavailable-P1').Properties).toMatchObject({
      Namespace: 'Baseload',
      MetricName: 'Unavailable',
      Dimensions: [{ Name: 'service', Value: 'payments' }],
      Statistic: 'Average',
      Threshold: 0.05,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
    });
    expect(named('lookups-latency-P1').Properties).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Duration',
      ExtendedStatistic: 'p99',
      Threshold: 1500,
    });
    expect(line(named('payments-saturation-P1').Properties.Metrics)).toContain('"Expression":"paymentsUsed / 240"');
    expect(line(named('operations-saturation-P2').Properties.Metrics)).toContain(
      'MAX([FILL(operations, 0), FILL(tariffs, 0)])',
    );
  });

  test('of payments and of all requests: traffic outside of what is usual', () => {
    for (const [name, metric] of [
      ['payments-traffic-P2', 'PaymentsAccepted'],
      ['total-traffic-P2', 'ApiUnavailable'],
    ] as const) {
      const { Properties } = named(name);
      expect(Properties).toMatchObject({
        ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
        ThresholdMetricId: 'expr_1',
        EvaluationPeriods: 3,
      });
      expect(line(Properties.Metrics)).toContain('ANOMALY_DETECTION_BAND(m0, 3)');
      expect(line(Properties.Metrics)).toContain(`"MetricName":"${metric}"`);
    }
  });
});

describe('changes', () => {
  test('a deployment that CodeDeploy stopped or gave up is counted by a rule', () => {
    alarmsStack.template.hasResourceProperties('AWS::Events::Rule', {
      Name: 'baseload-us-rollbacks',
      EventPattern: {
        source: ['aws.codedeploy'],
        'detail-type': ['CodeDeploy Deployment State-change Notification'],
        detail: { application: ['baseload-us'], state: ['FAILURE', 'STOP'] },
      },
    });
    expect(named('deployment-rolled-back-P1').Properties).toMatchObject({
      Namespace: 'AWS/Events',
      MetricName: 'TriggeredRules',
      Dimensions: [{ Name: 'RuleName', Value: 'baseload-us-rollbacks' }],
    });
    regionStack.template.hasResourceProperties('AWS::CodeDeploy::Application', { ApplicationName: 'baseload-us' });
  });

  test('the certificate of the API is watched where it is made', () => {
    const [certificate] = resourcesOf(regionStack, 'AWS::CertificateManager::Certificate');
    expect(named('certificate-expiry-P1').Properties).toMatchObject({
      MetricName: 'DaysToExpiry',
      Dimensions: [{ Name: 'CertificateArn', Value: { Ref: certificate?.logicalId } }],
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 30,
    });
  });
});

test('a canary’s alarm counts crashes of the alias and 500s of the handler alike', () => {
  alarmsStack.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'baseload-us-payments-errors-P1',
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    EvaluationPeriods: 1,
    Metrics: [
      { Expression: 'FILL(crashed, 0) + FILL(refused, 0)', Id: 'expr_1', Label: 'payments errors' },
      {
        Id: 'crashed',
        ReturnData: false,
        MetricStat: {
          Period: 60,
          Stat: 'Sum',
          Metric: {
            Namespace: 'AWS/Lambda',
            MetricName: 'Errors',
            Dimensions: [
              { Name: 'FunctionName', Value: 'baseload-us-payments' },
              { Name: 'Resource', Value: 'baseload-us-payments:live' },
            ],
          },
        },
      },
      {
        Id: 'refused',
        ReturnData: false,
        MetricStat: {
          Period: 60,
          Stat: 'Sum',
          Metric: {
            Namespace: 'Baseload',
            MetricName: 'InternalErrors',
            Dimensions: [{ Name: 'service', Value: 'payments' }],
          },
        },
      },
    ],
  });
});

describe('topics', () => {
  test('one for each tier, encrypted', () => {
    const topics = resourcesOf(alarmsStack, 'AWS::SNS::Topic').map(({ Properties }) => [
      Properties.TopicName,
      Properties.KmsMasterKeyId,
    ]);
    const key = { 'Fn::ImportValue': 'baseload-us-key-arn' };
    expect(topics).toEqual([
      ['baseload-us-alarms-P0', key],
      ['baseload-us-alarms-P1', key],
      ['baseload-us-alarms-P2', key],
    ]);
  });

  test('take alarms of this account only', () => {
    for (const { Properties } of resourcesOf(alarmsStack, 'AWS::SNS::TopicPolicy')) {
      const { Statement } = Properties.PolicyDocument as { Statement: unknown[] };
      expect(Statement).toContainEqual({
        Sid: 'AlarmsOfThisAccount',
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Resource: { Ref: expect.stringMatching(/^TopicP/) },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      });
      expect(JSON.stringify(Statement)).toContain('"aws:SecureTransport":"false"');
    }
  });

  test('tell the configured addresses', () => {
    const config = { ...usConfig(), alarmEmails: { P0: ['oncall@example.com'] } };
    const stack = stackNamed(synthesize(config), 'baseload-us-alarms-us-west-2');
    expect(resourcesOf(stack, 'AWS::SNS::Subscription').map(({ Properties }) => Properties)).toEqual([
      { Protocol: 'email', Endpoint: 'oncall@example.com', TopicArn: { Ref: expect.stringMatching(/^TopicP0/) } },
    ]);
  });
});
