import { describe, expect, test } from '@jest/globals';
import { resourcesOf, stackNamed, synthesize, usConfig } from './synthesized.ts';

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

const stacks = synthesize();
const region = stackNamed(stacks, 'baseload-us-region-us-west-2');

/** Every policy document of a template, wherever it is: inline, resource policy, key policy, queue policy, topic policy. */
const statementsIn = (value: unknown): readonly Statement[] => {
  if (Array.isArray(value)) return value.flatMap(statementsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { Statement, ...rest } = value as { readonly Statement?: readonly Statement[] };
  return [...(Statement ?? []), ...Object.values(rest).flatMap(statementsIn)];
};

const list = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);

/** `baseload-us-ledger-g1`, `…/index/by-time`, or the attribute a resource is known by. */
const shortOf = (resource: unknown): string => {
  const text = JSON.stringify(resource);
  const table = /table\/([^"]+)"/.exec(text)?.[1];
  if (table !== undefined) return table;
  if (text.includes('baseload-us-key-arn')) return 'the Region’s own key';
  if (text.includes('StreamArn')) return 'the stream found';
  const attribute = /"Fn::GetAtt":\["([A-Za-z]+?)[0-9A-F]{8}","Arn"\]/.exec(text)?.[1];
  return attribute ?? text;
};

const rightsOf = (slug: string): Record<string, string> => {
  const role = resourcesOf(region, 'AWS::IAM::Role').find(
    ({ Properties }) => Properties.Description === `What baseload-us-${slug} may do in us-west-2`,
  );
  if (role === undefined) throw new Error(`no role for ${slug}`);
  expect(Object.keys(role.Properties).sort()).toEqual(['AssumeRolePolicyDocument', 'Description', 'Policies']);
  const rights = statementsIn(role.Properties.Policies).map(({ Sid, Effect, Action, Resource, Condition }) => {
    expect(Effect).toBe('Allow');
    const condition = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`;
    return [Sid, `${list(Action).join(' ')} on ${shortOf(Resource)}${condition}`];
  });
  return Object.fromEntries(rights);
};

const THROUGH_DYNAMODB =
  ' on the Region’s own key if {"StringEquals":{"kms:ViaService":"dynamodb.us-west-2.amazonaws.com"}}';
const TRACES = 'xray:PutTraceSegments xray:PutTelemetryRecords on "*"';
const LOG = 'logs:CreateLogStream logs:PutLogEvents on';
const WRITE_KEY = 'kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey';

const TELL_SCRUBBER =
  'dynamodb:UpdateItem on baseload-us-region-state-g1 if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["suspects*"]}}';

describe('each function may do what it must and nothing else', () => {
  test('seal-windows puts seals and no fact', () => {
    expect(rightsOf('seal-windows')).toMatchObject({
      ReadFactsAndSeals: 'dynamodb:GetItem dynamodb:Query on baseload-us-ledger-g1',
      PutSeals:
        'dynamodb:PutItem on baseload-us-ledger-g1 if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["seal#*"]}}',
      CompareAndMendView:
        'dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem on baseload-us-views-g1',
      KeepWhatIsSealed: 'dynamodb:BatchWriteItem dynamodb:PutItem dynamodb:Query on baseload-us-seal-work-g1',
      ReadRegionState: 'dynamodb:GetItem on baseload-us-region-state-g1',
      TellScrubber:
        'dynamodb:UpdateItem on baseload-us-region-state-g1 if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["suspects*"]}}',
      SendWork: expect.stringContaining('sqs:SendMessage on'),
    });
  });

  test('redrive moves dead letters and remembers that it did, and puts no work of its own', () => {
    const rights = rightsOf('redrive');
    const { MoveDeadLetters = '', SendWork = '', TellPeople = '', RememberRedrives, SeeAlarms } = rights;
    expect(
      Object.keys(rights)
        .filter((sid) => !/Through|WriteOwnLog|WriteTraces/.test(sid))
        .sort(),
    ).toEqual(['MoveDeadLetters', 'RememberRedrives', 'SeeAlarms', 'SeeDeployments', 'SendWork', 'TellPeople']);
    expect(RememberRedrives).toBe(
      'dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem on baseload-us-region-state-g1 if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["redrive#*"]}}',
    );
    expect(SeeAlarms).toMatch(/^cloudwatch:DescribeAlarms on .*:alarm:\*/);
    expect(MoveDeadLetters).toMatch(
      /^sqs:DeleteMessage sqs:GetQueueAttributes sqs:ListMessageMoveTasks sqs:ReceiveMessage sqs:StartMessageMoveTask on /,
    );
    // SQS moves in its caller's name: from the five dead-letter queues to the five queues, and nowhere else.
    expect(MoveDeadLetters.match(/:baseload-us-[a-z-]+"/g)?.length).toBe(5);
    expect(MoveDeadLetters.match(/:baseload-us-[a-z-]+-dlq"/g)?.length).toBe(5);
    expect(SendWork.match(/:baseload-us-[a-z-]+(?<!-dlq)"/g)?.length).toBe(5);
    expect(TellPeople.match(/alarms-P\d/g)).toEqual(['alarms-P1', 'alarms-P2']);
  });

  test('probe-peer reads who is evacuated', () => {
    expect(rightsOf('probe-peer')).toEqual({
      ReadRegionState: 'dynamodb:GetItem on baseload-us-region-state-g1',
      DecryptThroughDynamoDb: `kms:Decrypt kms:DescribeKey${THROUGH_DYNAMODB}`,
      WriteOwnLog: expect.stringContaining(LOG),
      WriteTraces: TRACES,
    });
  });

  test('reconcile', () => {
    expect(rightsOf('reconcile')).toEqual({
      PutAndReadFacts: 'dynamodb:GetItem dynamodb:PutItem dynamodb:Query on baseload-us-ledger-g1',
      FindFactsOfADay: 'dynamodb:Query on baseload-us-views-g1',
      NoteProgress:
        'dynamodb:GetItem dynamodb:PutItem on baseload-us-region-state-g1 if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["reconcile#*"]}}',
      EncryptThroughDynamoDb: `${WRITE_KEY}${THROUGH_DYNAMODB}`,
      WriteOwnLog: expect.stringContaining(LOG),
      WriteTraces: TRACES,
    });
  });

  test('payments', () => {
    expect(rightsOf('payments')).toEqual({
      PutAndReadFacts: 'dynamodb:GetItem dynamodb:PutItem on baseload-us-ledger-g1',
      ReadViews: 'dynamodb:GetItem on baseload-us-views-g1',
      TellScrubber: TELL_SCRUBBER,
      CountRequests: 'dynamodb:UpdateItem on baseload-us-request-counts-g1',
      EncryptThroughDynamoDb: `${WRITE_KEY}${THROUGH_DYNAMODB}`,
      WriteOwnLog: `${LOG} PaymentsLog`,
      WriteTraces: TRACES,
    });
  });

  test('operations', () => {
    expect(rightsOf('operations')).toEqual({
      PutAndReadFacts: 'dynamodb:GetItem dynamodb:PutItem dynamodb:Query on baseload-us-ledger-g1',
      TellScrubber: TELL_SCRUBBER,
      PutAndReadProfiles: 'dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem on baseload-us-profiles-g1',
      ReadViews: 'dynamodb:GetItem on baseload-us-views-g1',
      ReadCatalog: 'dynamodb:Query on baseload-us-catalog-g1',
      ReadReadings: 'dynamodb:Query on baseload-us-readings-g1',
      EncryptThroughDynamoDb: `${WRITE_KEY}${THROUGH_DYNAMODB}`,
      WriteOwnLog: `${LOG} OperationsLog`,
      WriteTraces: TRACES,
    });
  });

  test('lookup', () => {
    expect(rightsOf('lookup')).toEqual({
      ReadViews: 'dynamodb:GetItem dynamodb:Query on baseload-us-views-g1',
      ReadViewsByTime: 'dynamodb:Query on baseload-us-views-g1/index/by-time',
      ReadFacts: 'dynamodb:GetItem dynamodb:Query on baseload-us-ledger-g1',
      ReadRegionState: 'dynamodb:GetItem on baseload-us-region-state-g1',
      TellScrubber: TELL_SCRUBBER,
      ReadCatalog: 'dynamodb:Query on baseload-us-catalog-g1',
      ReadReadings: 'dynamodb:Query on baseload-us-readings-g1',
      CountRequests: 'dynamodb:UpdateItem on baseload-us-request-counts-g1',
      EncryptThroughDynamoDb: `${WRITE_KEY}${THROUGH_DYNAMODB}`,
      WriteOwnLog: `${LOG} LookupLog`,
      WriteTraces: TRACES,
    });
  });

  test('tariffs puts no fact', () => {
    expect(rightsOf('tariffs')).toEqual({
      ReadAccount: 'dynamodb:GetItem on baseload-us-ledger-g1',
      ReadViews: 'dynamodb:GetItem on baseload-us-views-g1',
      PutAndReadCatalog: 'dynamodb:PutItem dynamodb:Query on baseload-us-catalog-g1',
      EncryptThroughDynamoDb: `${WRITE_KEY}${THROUGH_DYNAMODB}`,
      WriteOwnLog: `${LOG} TariffsLog`,
      WriteTraces: TRACES,
    });
  });

  test('readings opens batches and writes no reading; store-readings writes readings and reads none', () => {
    const readings = rightsOf('readings');
    expect(Object.keys(readings)).toEqual([
      'ReadAccount',
      'ReadViews',
      'JoinMeters',
      'OpenAndReadBatches',
      'EncryptThroughDynamoDb',
      'SendWork',
      'EncryptThroughSqs',
      'WriteOwnLog',
      'WriteTraces',
    ]);
    expect(readings.OpenAndReadBatches).toBe(
      'dynamodb:PutItem dynamodb:Query on baseload-us-readings-g1 if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["batch#*"]}}',
    );
    expect(readings.SendWork).toMatch(/^sqs:SendMessage on .*:baseload-us-intake"/);
    expect(rightsOf('store-readings').InsertReadings).toBe('dynamodb:PutItem on baseload-us-readings-g1');
  });

  test('start-bill-run sees the catalog and one queue', () => {
    const rights = rightsOf('start-bill-run');
    expect(Object.keys(rights)).toEqual([
      'FindAccountsWithMeters',
      'DecryptThroughDynamoDb',
      'SendWork',
      'EncryptThroughSqs',
      'WriteOwnLog',
      'WriteTraces',
    ]);
    expect(rights.FindAccountsWithMeters).toBe('dynamodb:Scan on baseload-us-catalog-g1');
    expect(rights.SendWork).toMatch(/^sqs:SendMessage on .*:baseload-us-bill-runs"/);
  });

  test('health touches heartbeats of its own Region, never a fact', () => {
    expect(rightsOf('health')).toEqual({
      BeatHeart:
        'dynamodb:GetItem dynamodb:PutItem on baseload-us-ledger-g1 if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["hb#us-west-2#*"]}}',
      ReadRegionState: 'dynamodb:GetItem on baseload-us-region-state-g1',
      EncryptThroughDynamoDb: `${WRITE_KEY}${THROUGH_DYNAMODB}`,
      WriteOwnLog: `${LOG} HealthLog`,
    });
  });

  test('project-facts writes views, never the ledger', () => {
    expect(rightsOf('project-facts')).toEqual({
      ReadOwnReplicaStream:
        'dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams on the stream found',
      ApplyFacts: 'dynamodb:DeleteItem dynamodb:PutItem dynamodb:UpdateItem on baseload-us-views-g1',
      NoteUnsealed:
        'dynamodb:PutItem on baseload-us-seal-work-g1 if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["unsealed#*"]}}',
      CompareFacts: 'dynamodb:GetItem on baseload-us-views-g1',
      MoveWatermarkOrMarkGap: 'dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem on baseload-us-region-state-g1',
      SendWhatCannotBeApplied: 'sqs:SendMessage on StreamWorkerFailuresQueue',
      SendWork: expect.stringMatching(/^sqs:SendMessage on .*baseload-us-settlements.*baseload-us-notices/),
      EncryptThroughDynamoDb: `${WRITE_KEY}${THROUGH_DYNAMODB}`,
      EncryptThroughSqs: `${WRITE_KEY} on the Region’s own key if {"StringEquals":{"kms:ViaService":"sqs.us-west-2.amazonaws.com"}}`,
      WriteOwnLog: `${LOG} StreamWorkerProjectFactsLog`,
    });
  });

  test('rehydrate-view reads the whole ledger and writes views and its checkpoint, never a fact', () => {
    expect(rightsOf('rehydrate-view')).toEqual({
      ReadWholeLedger: 'dynamodb:Scan on baseload-us-ledger-g1',
      ApplyFacts: 'dynamodb:DeleteItem dynamodb:PutItem dynamodb:UpdateItem on baseload-us-views-g1',
      NoteUnsealed:
        'dynamodb:PutItem on baseload-us-seal-work-g1 if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["unsealed#*"]}}',
      KeepCheckpoint: 'dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem on baseload-us-region-state-g1',
      EncryptThroughDynamoDb: `${WRITE_KEY}${THROUGH_DYNAMODB}`,
      WriteOwnLog: `${LOG} RehydrateViewLog`,
      WriteTraces: TRACES,
    });
  });

  test('scrub repairs facts and views, and deletes no fact', () => {
    expect(rightsOf('scrub')).toEqual({
      ReadAndRepairFacts:
        'dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:Scan dynamodb:UpdateItem on baseload-us-ledger-g1',
      ReadAndRepairView:
        'dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:Scan dynamodb:UpdateItem on baseload-us-views-g1',
      NoteUnsealed:
        'dynamodb:PutItem on baseload-us-seal-work-g1 if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["unsealed#*"]}}',
      ReadWatermarksAndKeepPlace:
        'dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem on baseload-us-region-state-g1',
      EncryptThroughDynamoDb: `${WRITE_KEY}${THROUGH_DYNAMODB}`,
      WriteOwnLog: `${LOG} ScrubLog`,
      WriteTraces: TRACES,
    });
  });

  test('send-notice reads contacts, changes none, and mails from one address alone', () => {
    const rights = rightsOf('send-notice');
    expect(rights.ReadContactsAndMarks).toBe('dynamodb:GetItem on baseload-us-profiles-g1');
    expect(rights.MarkMails).toBe(
      'dynamodb:PutItem on baseload-us-profiles-g1 if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["mail#*"]}}',
    );
    expect(rights.SendMail).toMatch(
      /^ses:SendEmail on .*:identity\/us\.example\.com".*:configuration-set\/baseload-us-notices".* if \{"StringEquals":\{"ses:FromAddress":"billing@us\.example\.com"\}\}$/,
    );
  });

  test('without a sender send-notice sees no contact and mails nobody', () => {
    const { noticeSender: _, ...config } = usConfig();
    const silent = stackNamed(synthesize(config), 'baseload-us-region-us-west-2');
    const roles = JSON.stringify(resourcesOf(silent, 'AWS::IAM::Role'));
    expect(roles).not.toContain('ses:SendEmail');
    expect(roles).not.toContain('ReadContactsAndMarks');
    expect(resourcesOf(silent, 'AWS::SES::EmailIdentity')).toEqual([]);
  });

  test('the sender is an identity of each Region, under a configuration set that needs TLS', () => {
    for (const name of ['baseload-us-region-us-east-1', 'baseload-us-region-us-west-2']) {
      const stack = stackNamed(stacks, name);
      expect(resourcesOf(stack, 'AWS::SES::EmailIdentity').map(({ Properties }) => Properties)).toMatchObject([
        { EmailIdentity: 'us.example.com' },
      ]);
      expect(resourcesOf(stack, 'AWS::SES::ConfigurationSet').map(({ Properties }) => Properties)).toMatchObject([
        { Name: 'baseload-us-notices', DeliveryOptions: { TlsPolicy: 'REQUIRE' } },
      ]);
    }
  });

  test('replica-stream looks at one table', () => {
    expect(rightsOf('replica-stream')).toEqual({
      FindStream: 'dynamodb:DescribeTable on baseload-us-ledger-g1',
      WriteOwnLog: `${LOG} StreamWorkerReplicaStreamLog`,
      WriteTraces: TRACES,
    });
  });
});

describe('over all templates', () => {
  const all = stacks.flatMap((stack) =>
    Object.entries(stack.resources).flatMap(([id, resource]) =>
      statementsIn(resource).map((statement) => ({ id, statement })),
    ),
  );

  test('no action is a wildcard', () => {
    const actions = all.flatMap(({ statement }) => list(statement.Action));
    expect(actions.length).toBeGreaterThan(100);
    // A deny of everything that comes without TLS names `sqs:*` and takes rights away.
    const allowed = all
      .filter(({ statement }) => statement.Effect === 'Allow')
      .flatMap(({ statement }) => list(statement.Action));
    expect(allowed.filter((action) => action.includes('*'))).toEqual([]);
  });

  test('nobody may delete a fact, and only the scrubber may write where one stands', () => {
    const onLedger = all.filter(({ statement }) => JSON.stringify(statement.Resource ?? '').includes('ledger-g1'));
    const actions = new Set(onLedger.flatMap(({ statement }) => list(statement.Action)));
    expect([...actions].sort()).toEqual([
      'dynamodb:DescribeTable',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:Scan',
      'dynamodb:UpdateItem',
    ]);
    const overwriting = onLedger.filter(({ statement }) => list(statement.Action).includes('dynamodb:UpdateItem'));
    expect([...new Set(overwriting.map(({ id }) => id.slice(0, 9)))]).toEqual(['ScrubRole']);
  });

  test('a resource wildcard stands only in a key’s own policy, for traces, and for the list of alarms', () => {
    // A deny takes rights away.
    const wild = all.filter(
      ({ statement }) => statement.Effect === 'Allow' && JSON.stringify(statement.Resource ?? '').includes('*'),
    );
    expect([...new Set(wild.map(({ statement }) => statement.Sid))].sort()).toEqual([
      'AccountDecidesByIam',
      'AlarmsToTopics',
      'CreateArchived',
      'DynamoDbForThisAccount',
      'DynamoDbLooksAtTheKey',
      'LogGroupsOfBaseload',
      'ReadArchived',
      'SeeAlarms',
      'WatchAlarms',
      'WriteTraces',
      // The log delivery of S3, into the bucket of access logs alone.
      undefined,
    ]);
  });

  test('no managed policy is attached', () => {
    expect(
      stacks.filter(({ text }) => text.includes('ManagedPolicyArns') || text.includes('AWS::IAM::Policy')),
    ).toEqual([]);
  });
});
