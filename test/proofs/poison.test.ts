// The proof that messages which cannot be worked end in the dead-letter queue, hold up nobody, and are done once mended and redriven.
// A run of its own: as deployed it takes half an hour until a message is given up, so the visibility time-out is shorter there.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openAccounts, operatorDynamo, readLedger } from '../../drills/auditor/auditor.ts';
import { type ChangedRun, startChanged } from '../../drills/pair/changed-assembly.ts';
import { functionName, queueName, tableName } from '../../lambdas/shared/names.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EAST = 'us-east-1';
const WEST = 'us-west-2';
const PAYMENTS = 300;
/** 1 %, with 47 others behind the first. */
const POISON: readonly number[] = [250, 260, 270];
const isPoison = (index: number): boolean => POISON.includes(index);
const GOOD = ['us_pill-good-0', 'us_pill-good-1', 'us_pill-good-2'];
const BAD = 'us_pill-bad';
const VISIBILITY_SECONDS = 6;
const AT_ONCE = 4;

/** A release with a defect: messages of one account reach the worker as something that it cannot read. */
const DEFECT = `
const released = module.exports.handler;
module.exports = { handler: (event) => released({ Records: event.Records.map((record) =>
  record.body.includes('${BAD}') ? { ...record, body: 'not what it was' } : record) }) };
`;

describe('1 % poison on settlements', () => {
  let changed: ChangedRun | undefined;
  let code = '';
  let mended = '';
  const paid = new Map<string, 'good' | 'poison'>();
  const baseload = () => {
    if (changed === undefined) throw new Error('the run is only there inside of tests');
    return changed.baseload;
  };

  beforeAll(async () => {
    changed = await startChanged((_region, resources, assembly) => {
      const [queue, ...others] = resources.filter(
        ({ type, properties }) => type === 'AWS::SQS::Queue' && properties.QueueName === queueName('us', 'settlements'),
      );
      expect([queue?.properties.VisibilityTimeout, others]).toEqual([360, []]);
      if (queue !== undefined) queue.properties.VisibilityTimeout = VISIBILITY_SECONDS;
      const [worker] = resources.filter(
        ({ type, properties }) =>
          type === 'AWS::Lambda::Function' && properties.FunctionName === functionName('us', 'settle-payment'),
      );
      if (worker === undefined) throw new Error('no function settle-payment');
      // AWS takes no queue whose messages come back while the function may still be at them.
      worker.properties.Timeout = VISIBILITY_SECONDS;
      code = join(assembly, `asset.${worker.properties.Code.S3Key.replace(/\.zip$/, '')}`, 'index.js');
      // Both Regions run the same asset.
      mended ||= readFileSync(code, 'utf8');
      writeFileSync(code, mended + DEFECT);
    });
    await openAccounts(baseload(), [...GOOD, BAD]);
  }, 90_000);

  afterAll(() => changed?.end(), 30_000);

  /** Ids of payments that the processor has collected, each as often as it has. */
  const collected = async (): Promise<readonly string[]> => {
    const { processor } = await baseload().wiring();
    const books = (await (await fetch(`${processor}/admin/books`)).json()) as {
      readonly charges: readonly { readonly paymentId: string; readonly status: string }[];
    };
    return books.charges.filter(({ status }) => status === 'collected').map(({ paymentId }) => paymentId);
  };
  const deadLetters = async () =>
    Object.fromEntries(
      (await baseload().state()).queues
        .filter(({ slug }) => slug === 'settlements')
        .map(({ region, dlq }) => [region, dlq]),
    );
  const ledger = async () =>
    readLedger(operatorDynamo(await baseload().dynamodb(EAST), EAST), tableName('us', 'ledger'));
  const idsOf = (kind: 'good' | 'poison') => [...paid].filter(([, its]) => its === kind).map(([id]) => id);
  const operate = async (...args: readonly string[]) => {
    const command = [
      '--import',
      'tsx',
      'cli/main.ts',
      ...args,
      '--target',
      'local',
      '--control',
      baseload().ready.control,
    ];
    return promisify(execFile)(process.execPath, command, { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '' } });
  };

  /** As a payer's client does: again with the same key, until the payment is acknowledged. */
  const pay = async (index: number, token: string): Promise<void> => {
    const accountId = isPoison(index) ? BAD : GOOD[index % GOOD.length];
    const request = {
      token,
      idempotencyKey: `pill-${index}`,
      body: { amountMinor: 1_000 + index, currency: 'USD', method: 'card' },
    };
    const { value } = await baseload().waitFor(`payment ${index} acknowledged`, async () => {
      const { status, body } = await baseload().api('POST', `/v1/accounts/${accountId}/payments`, request);
      return status === 201 && (body.paymentId as string);
    });
    paid.set(value, isPoison(index) ? 'poison' : 'good');
  };

  test('all others are settled while the poison still comes back', async () => {
    const token = await baseload().token({ accounts: [...GOOD, BAD], scope: 'billing:pay' });
    let next = 0;
    const payer = async (): Promise<void> => {
      while (next < PAYMENTS) await pay(next++, token);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, payer));
    expect([idsOf('good').length, idsOf('poison').length]).toEqual([297, 3]);

    await baseload().waitFor('all others settled', async () => (await collected()).length >= 297, 60_000);
    expect(await deadLetters()).toEqual({ [EAST]: 0, [WEST]: 0 });
    expect([...(await collected())].sort()).toEqual(idsOf('good').sort());
  }, 240_000);

  test('exactly the poison is given up, after the receives that the template gives it', async () => {
    // Sent once more, as a sweep would: this one will find its work done.
    const [first] = idsOf('poison');
    const sqs = new SQSClient({
      region: EAST,
      endpoint: (await baseload().wiring()).sqs[EAST] ?? '',
      credentials: { accessKeyId: 'operator', secretAccessKey: 'local' },
    });
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName('us', 'settlements') }));
    const MessageBody = JSON.stringify({ accountId: BAD, stream: `p#${first}` });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    sqs.destroy();

    await baseload().waitFor('the poison given up', async () => (await deadLetters())[EAST] === 4, 90_000);
    const { stdout } = await operate('redrive', 'settlements', '--dry-run', '--region', EAST);
    expect(stdout).toMatch(/^us-east-1 {2}4 in the dead-letter queue of settlements; the oldest was sent \d min ago$/m);
    expect(stdout).toMatch(/4 readable: settle-payment failed on what they point to \(us_pill-bad\)$/m);
    expect((await collected()).length).toBe(297);
  }, 120_000);

  test('mended and redriven it is settled, once, and the dead-letter queue is empty', async () => {
    writeFileSync(code, mended);
    for (const region of [EAST, WEST]) {
      await baseload().tell(region, 'kill');
      await baseload().tell(region, 'start');
    }
    const { stdout, stderr } = await operate('redrive', 'settlements', '--yes', '--per-second', '1');
    expect(stdout).toMatch(/^us-east-1 {2}4 moved back to settlements$/m);
    expect(JSON.parse(stderr.split('\n')[0] ?? '')).toMatchObject({ audit: 'redrive', region: EAST, count: 4 });

    const done = async () =>
      (await collected()).length >= 300 &&
      (await baseload().state()).queues
        .filter(({ slug, region }) => slug === 'settlements' && region === EAST)
        .every(({ visible, inFlight, dlq }) => visible + inFlight + dlq === 0);
    await baseload().waitFor('everything settled, and no message left in the Region that took it', done, 60_000);
    expect([...(await collected())].sort()).toEqual([...paid.keys()].sort());
    const facts = (await ledger()).filter(({ pk, sk }) => pk === BAD && sk.startsWith('p#'));
    for (const id of idsOf('poison')) {
      const its = facts.filter(({ sk }) => sk.startsWith(`p#${id}#`)).map(({ body }) => body['type']);
      expect(its).toEqual(['PaymentAccepted', 'ChargeStarted', 'PaymentSettled']);
    }
    expect((await operate('redrive', 'settlements', '--yes', '--region', EAST)).stdout).toBe(
      'us-east-1  nothing in the dead-letter queue of settlements\n',
    );
  }, 120_000);
});
