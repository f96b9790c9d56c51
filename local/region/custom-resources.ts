// Owns running custom resources as CloudFormation does: the function gets an event with an address to PUT its answer to.
// Leaves to local/assembly/custom-resources.ts where in the plan the answers go.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import type { CustomResourceData } from '../assembly/custom-resources.ts';
import type { CustomResourcePlan, RegionPlan } from '../assembly/plan.ts';
import type { Lambda } from '../lambda/service.ts';

interface Answer {
  readonly Status?: string;
  readonly Reason?: string;
  readonly Data?: Readonly<Record<string, string>>;
}

interface Kept {
  readonly properties: CustomResourcePlan['properties'];
  readonly data: Readonly<Record<string, string>>;
}

/** CloudFormation waits an hour; nothing here takes longer than a function's own time. */
const ANSWER_WITHIN_MS = 20_000;

/**
 * The data of every custom resource. As on AWS a function runs once for the same properties: what it answered is kept in
 * `file`, and a restarted Region does not ask again.
 * @throws Error with the function's own reason, or that it gave no answer
 */
export async function makeCustomResources(
  plan: Pick<RegionPlan, 'region' | 'account' | 'customResources'>,
  invoke: Lambda['invoke'],
  file: string,
): Promise<CustomResourceData> {
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Kept>>) : {};
  const made = await Promise.all(
    plan.customResources.map(async (resource): Promise<readonly [string, Kept]> => {
      const earlier = kept[resource.id];
      if (earlier !== undefined && sameProperties(earlier, resource)) return [resource.id, earlier];
      return [resource.id, { properties: resource.properties, data: await makeOne(resource, plan, invoke) }];
    }),
  );
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(Object.fromEntries(made)));
  return new Map(made.map(([id, { data }]) => [id, data]));
}

const sameProperties = (earlier: Kept, { properties }: CustomResourcePlan): boolean =>
  JSON.stringify(earlier.properties) === JSON.stringify(properties);

async function makeOne(
  resource: CustomResourcePlan,
  { region, account }: Pick<RegionPlan, 'region' | 'account'>,
  invoke: Lambda['invoke'],
): Promise<Readonly<Record<string, string>>> {
  const answers = await openAnswers();
  try {
    const event = {
      RequestType: 'Create',
      ServiceToken: resource.properties.ServiceToken,
      ResponseURL: answers.url,
      StackId: `arn:aws:cloudformation:${region}:${account}:stack/${resource.stackName}/local`,
      RequestId: randomUUID(),
      LogicalResourceId: resource.logicalId,
      ResourceType: resource.type,
      ResourceProperties: resource.properties,
    };
    const result = await invoke(resource.functionName, JSON.stringify(event));
    if (result.kind === 'failed') throw new Error(`${result.error.errorType}: ${result.error.errorMessage}`);
    if (result.kind === 'throttled') throw new Error('its function is throttled');
    const answer = await answers.next;
    if (answer.Status !== 'SUCCESS') throw new Error(answer.Reason ?? 'it gave no reason');
    return answer.Data ?? {};
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`custom resource ${resource.id} (${resource.type}) failed: ${reason}`, { cause });
  } finally {
    answers.close();
  }
}

interface Answers {
  readonly url: string;
  readonly next: Promise<Answer>;
  close(): void;
}

/** A loopback address that takes one PUT, in place of the signed address in S3. */
async function openAnswers(): Promise<Answers> {
  let timer: NodeJS.Timeout | undefined;
  const server = createServer();
  const next = new Promise<Answer>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it gave no answer within ${ANSWER_WITHIN_MS} ms`)), ANSWER_WITHIN_MS);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(200, { 'content-length': 0, connection: 'close' }).end();
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Answer);
        } catch (error) {
          reject(error);
        }
      });
    });
  });
  // The function may fail before anything waits for the answer.
  next.catch(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/answer`,
    next,
    close: () => {
      clearTimeout(timer);
      server.close();
      server.closeAllConnections();
    },
  };
}
