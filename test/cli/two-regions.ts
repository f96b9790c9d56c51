// Owns what the command line meets in tests: two Regions' SQS on this machine, behind the page that says where they listen.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { run } from '../../cli/program.ts';
import type { QueuePlan } from '../../local/assembly/plan.ts';
import { authorize } from '../../local/iam/evaluate.ts';
import { startSqs } from '../../local/sqs/endpoint.ts';
import { Queues } from '../../local/sqs/queues.ts';

export const REGIONS = ['us-east-1', 'us-west-2'] as const;
type Region = (typeof REGIONS)[number];
const QUEUE = 'baseload-us-settlements';

export interface Ended {
  readonly code: number;
  readonly printed: readonly string[];
  readonly noted: readonly string[];
  readonly asked: readonly string[];
}

/** Runs one command line in this process; whoever is asked gives `answer`. */
export const baseload = async (
  args: readonly string[],
  answer: 'yes' | Error = 'yes',
  nowMs: () => number = Date.now,
): Promise<Ended> => {
  const [printed, noted, asked]: [string[], string[], string[]] = [[], [], []];
  const code = await run(args, {
    nowMs,
    terminal: {
      hasColours: false,
      print: (line) => printed.push(line),
      note: (line) => noted.push(line),
      confirm: async (question) => {
        asked.push(question);
        if (answer !== 'yes') throw answer;
      },
      progress: () => ({ update: () => undefined, stop: () => undefined }),
    },
  });
  return { code, printed, noted, asked };
};

export interface TwoRegions {
  readonly control: string;
  readonly dataDir: string;
  /** Puts a message where one ends that failed once: received, and given up by the next receive. */
  giveUp(region: Region, bodies: readonly string[]): Promise<void>;
  /** How many lie in the queue and in its DLQ, hidden ones included. */
  counts(region: Region): readonly [queue: number, deadLetters: number];
  stopRegion(region: Region): Promise<void>;
  stop(): Promise<void>;
}

export const startTwoRegions = async (): Promise<TwoRegions> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'baseload-cli-'));
  mkdirSync(join(dataDir, 'logs'));
  const opened = await Promise.all(
    REGIONS.map(async (region) => [region, await startRegion(dataDir, region)] as const),
  );
  const regions = new Map<Region, Awaited<ReturnType<typeof startRegion>>>(opened);
  const of = (region: Region) => {
    const found = regions.get(region);
    if (found === undefined) throw new Error(`${region} is not running`);
    return found;
  };
  const wiring = { jurisdiction: 'us', dataDir, sqs: Object.fromEntries(opened.map(([name, { url }]) => [name, url])) };
  const control = createServer((_request, response) => response.end(JSON.stringify(wiring)));
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
  const stopRegion = async (region: Region): Promise<void> => {
    await of(region).stop();
    regions.delete(region);
  };
  return {
    control: `http://127.0.0.1:${(control.address() as AddressInfo).port}`,
    dataDir,
    giveUp: async (region, bodies) => {
      const { client, url } = of(region);
      const QueueUrl = `${url}/${ACCOUNT}/${QUEUE}`;
      for (const MessageBody of bodies) await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      const receive = () =>
        client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }));
      for (let left = bodies.length; left > 0; left -= 10) await receive();
      await receive();
    },
    counts: (region) =>
      [QUEUE, `${QUEUE}-dlq`].map((name) => {
        const { visible = 0, inFlight = 0 } = of(region).queues.atUrl(name)?.counts() ?? {};
        return visible + inFlight;
      }) as [number, number],
    stopRegion,
    stop: async () => {
      await Promise.all([...regions.keys()].map(stopRegion));
      await new Promise((resolve) => control.close(resolve));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

const ACCOUNT = '111111111111';

const startRegion = async (dataDir: string, region: Region) => {
  const arn = (name: string) => `arn:aws:sqs:${region}:${ACCOUNT}:${name}`;
  const plan = (name: string): QueuePlan => ({
    name,
    arn: arn(name),
    slug: name,
    visibilityTimeoutSeconds: 30,
    delaySeconds: 0,
    receiveWaitSeconds: 0,
  });
  const redrive = { deadLetterArn: arn(`${QUEUE}-dlq`), maxReceiveCount: 1 };
  const queues = new Queues(join(dataDir, region), [{ ...plan(QUEUE), redrive }, plan(`${QUEUE}-dlq`)], Date.now);
  const server = await startSqs({
    plan: { region, account: ACCOUNT, functions: [], roles: [] },
    queues,
    port: 0,
    authorize,
    onDenied: () => undefined,
    onDefect: (text) => console.error(text),
    nowMs: Date.now,
  });
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'local' };
  const client = new SQSClient({ region, endpoint: server.url, credentials, maxAttempts: 1 });
  return {
    client,
    queues,
    url: server.url,
    stop: async () => {
      client.destroy();
      await server.stop();
    },
  };
};
