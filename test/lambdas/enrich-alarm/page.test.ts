// Owns the whole texts that people get: a page that changes is looked at before it is sent to anybody at night.
import { describe, expect, test } from '@jest/globals';
import { readNews } from '../../../lambdas/enrich-alarm/alarm-news.ts';
import { composePage } from '../../../lambdas/enrich-alarm/compose-page.ts';
import type { Context } from '../../../lambdas/enrich-alarm/context.ts';
import { likelyCauses } from '../../../lambdas/enrich-alarm/likely-cause.ts';
import { queriesFor } from '../../../lambdas/enrich-alarm/queries.ts';
import { ALARM_GROUPS } from '../../../lib/alarms/groups.ts';
import { ALARMS } from '../../../lib/alarms/registry.ts';
import { AT_MS, alarmEvent, MINUTE_MS, type NewsOptions, QUIET, SCOPE } from './news.ts';

const page = (options: NewsOptions = {}, context: Partial<Context> = {}) =>
  composePage(readNews(alarmEvent(options)), { ...QUIET, ...context }, SCOPE);

const BREAKER = {
  name: 'baseload-us-breaker-opened-P2',
  sinceMs: AT_MS - 9 * MINUTE_MS,
  description: 'P2: something is away. Runbook: docs/runbooks/breaker-opened.md',
};
const DEAD_LETTERS = {
  name: 'baseload-us-settlements-dead-letters-P1',
  sinceMs: AT_MS - 2 * MINUTE_MS,
  description: 'P1: settlements gave messages up. Runbook: docs/runbooks/settlements-dead-letters.md',
};
const WORK = {
  name: 'baseload-us-work-P1',
  description: 'P1: one or more alarms of work ring, each with its runbook. Runbook: docs/runbooks/alarm-groups.md',
  rule: '(ALARM("baseload-us-projection-lag-P1") OR ALARM("arn:aws:cloudwatch:us-east-1:111111111111:alarm:baseload-us-settlements-dead-letters-P1"))',
  triggers: ['baseload-us-settlements-dead-letters-P1'],
};

describe('the text of a page', () => {
  test('an alarm by itself, nothing else known to have changed', () => {
    expect(page()).toEqual({
      tier: 'P0',
      subject: 'P0 us-east-1 ledger-refusals ALARM: the ledger refuses writes, minute after minute: payers get 503 h',
      text: `P0 in us-east-1: the ledger refuses writes, minute after minute: payers get 503 here.

Alarm baseload-us-ledger-refusals-P0 rings since 2026-11-21 10:04:30 UTC.
Runbook: https://git.example.com/baseload/blob/main/docs/runbooks/ledger-refusals.md

Measured: Threshold Crossed: 3 datapoints were greater than or equal to the threshold (5.0).

Likely cause:
  1. nothing else has changed that is known here

Look first:
  1. what this Region says of itself: only the ledger makes it unhealthy
     curl -sS -m 6 -w ' (%{http_code}, %{time_total} s)\\n' https://us-east-1.billing.example.com/health
  2. what payers were told, by cause (Logs Insights, /aws/lambda/baseload-us-payments)
     filter ispresent(problem) | stats count() as times by problem, errorName, bin(1m)
  3. whether payers have somewhere to go: what the other Region says
     curl -sS -m 6 -w ' (%{http_code}, %{time_total} s)\\n' https://us-west-2.billing.example.com/health
`,
      attributes: {
        tier: 'P0',
        region: 'us-east-1',
        state: 'ALARM',
        alarm: 'baseload-us-ledger-refusals-P0',
        runbook: 'https://git.example.com/baseload/blob/main/docs/runbooks/ledger-refusals.md',
      },
    });
  });

  test('a group: which of its alarms ring, a version that came before, what is not known', () => {
    const context: Partial<Context> = {
      ringing: { kind: 'known', value: [BREAKER, DEAD_LETTERS, { ...DEAD_LETTERS, name: WORK.name }] },
      deployments: {
        kind: 'known',
        value: [
          { slug: 'lookup', status: 'Succeeded', startedAtMs: AT_MS - 61 * MINUTE_MS },
          { slug: 'send-notice', status: 'Succeeded', startedAtMs: AT_MS - 5 * MINUTE_MS },
          { slug: 'settle-payment', status: 'InProgress', startedAtMs: AT_MS - 11 * MINUTE_MS },
        ],
      },
      peerEvacuated: { kind: 'unknown', why: 'no answer within 3000 ms' },
    };
    expect(page(WORK, context).text).toBe(`P1 in us-east-1: one or more alarms of work ring, each with its runbook.

Alarm baseload-us-work-P1 rings since 2026-11-21 10:04:30 UTC.
Runbook: https://git.example.com/baseload/blob/main/docs/runbooks/alarm-groups.md

It rings for:
  - settlements-dead-letters (P1) since 10:02:30 UTC: settlements gave messages up
    https://git.example.com/baseload/blob/main/docs/runbooks/settlements-dead-letters.md

Likely cause:
  1. a new version of settle-payment, whose deployment began 11 min before and is InProgress
  2. a new version of send-notice, whose deployment began 5 min before and is Succeeded
  3. what breaker-opened (P2) rings for since 9 min before

Also ringing:
  - breaker-opened (P2) since 09:55:30 UTC

Not known:
  - whether the other Region is evacuated: no answer within 3000 ms

Look first:
  1. what the dead-letter queue holds, of which accounts
     npm run baseload -- redrive settlements --target aws --region us-east-1 --dry-run
  2. how many wait, are being worked, and are delayed
     aws sqs get-queue-attributes --region us-east-1 --queue-url "$(aws sqs get-queue-url --region us-east-1 --queue-name baseload-us-settlements --query QueueUrl --output text)" --attribute-names ApproximateNumberOfMessages ApproximateNumberOfMessagesNotVisible ApproximateNumberOfMessagesDelayed
  3. why its worker fails or waits, by cause (Logs Insights, /aws/lambda/baseload-us-settle-payment)
     filter level in ["ERROR", "WARN"] | stats count() as times, latest(errorMessage) by message, reason, errorName | sort times desc
`);
  });

  test('when CloudWatch does not say what rings, a group names what set it off', () => {
    const { text } = page(WORK, { ringing: { kind: 'unknown', why: 'Rate exceeded' } });
    expect(text).toContain('It rings for:\n  - settlements-dead-letters (P1) since 10:04:30 UTC\n');
    expect(text).toContain('Not known:\n  - what else rings: Rate exceeded\n');
    expect(text).toContain('npm run baseload -- redrive settlements');
  });

  test('an evacuation is named before alarms that rang earlier', () => {
    const context = { ringing: QUIET.ringing, peerEvacuated: { kind: 'known', value: true } } as const;
    expect(page({}, context).text).toContain('Likely cause:\n  1. us-west-2 is evacuated: us-east-1 serves alone\n');
    expect(page({}, { ownEvacuated: { kind: 'known', value: true } }).text).toContain(
      '  1. us-east-1 is evacuated: somebody took it out of service\n',
    );
  });

  test('a game day is named first, while its experiments start and an hour longer', () => {
    const day = { region: 'us-west-2', weekday: 'THU', week: 3, fromHourUtc: 9, hours: 6 } as const;
    const causesAt = (atMs: number) =>
      likelyCauses({ atMs, region: 'us-east-1', slugs: ['ledger-refusals'] }, QUIET, [], {
        peer: 'us-west-2',
        gameDays: [day],
      });
    const named = ['the game day of us-west-2: its experiments start hourly from 09:00 to 14:00 UTC today'];
    const nothing = ['nothing else has changed that is known here'];
    const on = Date.UTC(2026, 10, 19, 9, 30);
    expect(causesAt(on)).toEqual(named);
    expect(causesAt(on - 31 * MINUTE_MS)).toEqual(nothing);
    expect(causesAt(Date.UTC(2026, 10, 19, 15, 59))).toEqual(named);
    expect(causesAt(Date.UTC(2026, 10, 19, 16, 0))).toEqual(nothing);
    expect(causesAt(Date.UTC(2026, 10, 12, 9, 30))).toEqual(nothing);
    expect(causesAt(Date.UTC(2026, 10, 20, 9, 30))).toEqual(nothing);
  });

  test('recovery is short, and says what still rings', () => {
    const over = page({ state: 'OK' }, { ringing: { kind: 'known', value: [BREAKER] } });
    expect([over.subject, over.text]).toEqual([
      'P0 us-east-1 ledger-refusals OK: recovered',
      `P0 in us-east-1: ledger-refusals has recovered at 2026-11-21 10:04:30 UTC after 12 min of ALARM.

Still ringing:
  - breaker-opened (P2) since 09:55:30 UTC
`,
    ]);
    expect(page({ state: 'OK' }).text).toContain('\nNothing else rings in this Region.\n');
  });

  test('a subject is one line of ASCII that SNS takes', () => {
    const description = 'P1: operators’ requests fail — ü. Runbook: docs/runbooks/operations-errors.md';
    const { subject } = page({ name: 'baseload-us-operations-errors-P1', description });
    expect(subject).toBe("P1 us-east-1 operations-errors ALARM: operators' requests fail ? ?");
  });

  test('without a base address the path in the repository is named', () => {
    const { runbookBaseUrl: _, ...scope } = SCOPE;
    const { text, attributes } = composePage(readNews(alarmEvent()), QUIET, scope);
    expect(text).toContain('\nRunbook: docs/runbooks/ledger-refusals.md\n');
    expect(attributes.runbook).toBe('docs/runbooks/ledger-refusals.md');
  });

  test('what is no alarm of this app is refused', () => {
    expect(() => readNews(alarmEvent({ name: 'somebody-elses' }))).toThrow(
      'alarm somebody-elses does not tell slug and tier: lib/alarms/names.ts makes names',
    );
    expect(() => readNews({ detail: 1 })).toThrow(/alarmData/);
  });
});

describe('the three queries', () => {
  const named = [
    ...ALARMS.map(({ slug, tier }) => [slug, tier] as const),
    ...ALARM_GROUPS.map(({ name, tier }) => [name, tier] as const),
  ];
  test.each(named)('%s (%s) has three, each to be copied as one line', (slug, tier) => {
    const queries = queriesFor(SCOPE, slug, `baseload-us-${slug}-${tier}`);
    expect(new Set(queries.map(({ run }) => run)).size).toBe(3);
    for (const { run, shows, logGroup } of queries) {
      expect(run).toMatch(/^[^\n]+$/);
      expect(shows).not.toBe('');
      expect(logGroup === undefined || logGroup.startsWith('/aws/lambda/baseload-us-')).toBe(true);
    }
  });
});
