// Owns an SQS endpoint for the length of one test: a queue with its DLQ, roles that may do everything or nothing.
// `BASELOAD_SQS_ENDPOINT` names another implementation: then the queues are made there, and its own clock rules.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { PolicyStatement, QueuePlan } from '../../../local/assembly/plan.ts';
import { authorize } from '../../../local/iam/evaluate.ts';
import { startSqs } from '../../../local/sqs/endpoint.ts';
import { Queues } from '../../../local/sqs/queues.ts';

const OTHER_ENDPOINT = process.env.BASELOAD_SQS_ENDPOINT;
export const isEmulator = OTHER_ENDPOINT === undefined;

const ACCOUNT = '111111111111';
const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`;

export interface LocalSqs {
  readonly client: SQSClient;
  readonly endpoint: string;
  readonly queueUrl: string;
  readonly deadLettersUrl: string;
  readonly deadLettersArn: string;
  /** Of the emulator only. */
  readonly queues?: Queues;
  readonly dataDir: string;
  /** A client with another access key. */
  as(accessKeyId: string): SQSClient;
  stop(): Promise<void>;
}

export interface LocalSqsOptions {
  readonly visibilityTimeoutSeconds?: number;
  readonly maxReceiveCount?: number;
  readonly statements?: readonly PolicyStatement[];
  readonly nowMs?: () => number;
  /** Of an earlier one, which was killed. */
  readonly dataDir?: string;
}

export const clientOf = (endpoint: string, accessKeyId = 'operator'): SQSClient =>
  new SQSClient({ region: 'us-east-1', endpoint, credentials: { accessKeyId, secretAccessKey: 'x' }, maxAttempts: 1 });

export const startLocalSqs = async (options: LocalSqsOptions = {}): Promise<LocalSqs> =>
  OTHER_ENDPOINT === undefined ? startEmulator(options) : useOther(OTHER_ENDPOINT, options);

const startEmulator = async (options: LocalSqsOptions): Promise<LocalSqs> => {
  const { visibilityTimeoutSeconds = 30, maxReceiveCount = 2, nowMs = Date.now } = options;
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'baseload-sqs-'));
  const plan = (name: string): QueuePlan => ({
    name,
    arn: arnOf(name),
    slug: name,
    visibilityTimeoutSeconds,
    delaySeconds: 0,
    receiveWaitSeconds: 0,
  });
  const redrive = { deadLetterArn: arnOf('work-dlq'), maxReceiveCount };
  const queues = new Queues(dataDir, [{ ...plan('work'), redrive }, plan('work-dlq')], nowMs);
  const role = { name: 'tester', arn: 'arn:aws:iam::1:role/tester', accessKeyId: 'LKIATESTER' };
  const server = await startSqs({
    plan: {
      region: 'us-east-1',
      account: ACCOUNT,
      functions: [],
      roles: [{ ...role, statements: options.statements ?? [] }],
    },
    queues,
    port: 0,
    authorize,
    onDenied: () => undefined,
    onDefect: (text) => console.error(text),
    nowMs,
  });
  const clients = [clientOf(server.url)];
  return {
    client: clients[0] as SQSClient,
    endpoint: server.url,
    queueUrl: `${server.url}/${ACCOUNT}/work`,
    deadLettersUrl: `${server.url}/${ACCOUNT}/work-dlq`,
    deadLettersArn: arnOf('work-dlq'),
    queues,
    dataDir,
    as: (accessKeyId) => {
      const client = clientOf(server.url, accessKeyId);
      clients.push(client);
      return client;
    },
    stop: async () => {
      for (const client of clients) client.destroy();
      await server.stop();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

const useOther = async (endpoint: string, options: LocalSqsOptions): Promise<LocalSqs> => {
  const { visibilityTimeoutSeconds = 30, maxReceiveCount = 2 } = options;
  const client = clientOf(endpoint);
  const name = `baseload-${randomUUID()}`;
  const make = async (QueueName: string, Attributes: Record<string, string>): Promise<string> =>
    (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
  const deadLettersUrl = await make(`${name}-dlq`, {});
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLettersUrl, AttributeNames: ['QueueArn'] }),
  );
  const deadLettersArn = Attributes?.QueueArn ?? '';
  const queueUrl = await make(name, {
    VisibilityTimeout: String(visibilityTimeoutSeconds),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLettersArn, maxReceiveCount }),
  });
  return {
    client,
    endpoint,
    queueUrl,
    deadLettersUrl,
    deadLettersArn,
    dataDir: '',
    as: (accessKeyId) => clientOf(endpoint, accessKeyId),
    stop: async () => client.destroy(),
  };
};
