// Owns the one way a connection to DynamoDB is made, and how a request of it ends: an answer, or RequestFailed with what is known.
// Leaves to the adapters of each port what is asked and what a failure means to their callers.
import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  BatchWriteItemCommand,
  type BatchWriteItemCommandInput,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { AWS_TIMING } from '../../shared/policies.ts';
import { type AwsClientOptions, awsClientConfig } from '../aws-client.ts';
import { endOf, withSignal } from '../deadlines.ts';
import { type Attempts, observeAttempts, watch } from './attempts.ts';
import { messageOf, nameOf } from './refusals.ts';

/** A request ended without an answer that says it is done. `cause` is what the SDK threw. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  /** The name of the exception, such as `ConditionalCheckFailedException`. */
  readonly exception: string;
  constructor(
    operation: string,
    override readonly cause: unknown,
    readonly attempts: Attempts,
  ) {
    super(`${operation} failed after ${attempts.count} attempt(s): ${messageOf(cause)}`);
    this.exception = nameOf(cause);
  }
}

/** The requests that the adapters make, all under the deadline of one port call. */
export class DynamoCall {
  /** The attempts of the last request. */
  attempts: Attempts | undefined;
  constructor(
    private readonly client: DynamoDBClient,
    private readonly signal: AbortSignal,
  ) {}

  put = (input: PutItemCommandInput) => this.run('PutItem', input, () => this.client.send(new PutItemCommand(input)));
  get = (input: GetItemCommandInput) => this.run('GetItem', input, () => this.client.send(new GetItemCommand(input)));
  batchGet = (input: BatchGetItemCommandInput) =>
    this.run('BatchGetItem', input, () => this.client.send(new BatchGetItemCommand(input)));
  batchWrite = (input: BatchWriteItemCommandInput) =>
    this.run('BatchWriteItem', input, () => this.client.send(new BatchWriteItemCommand(input)));
  query = (input: QueryCommandInput) => this.run('Query', input, () => this.client.send(new QueryCommand(input)));
  scan = (input: ScanCommandInput) => this.run('Scan', input, () => this.client.send(new ScanCommand(input)));
  update = (input: UpdateItemCommandInput) =>
    this.run('UpdateItem', input, () => this.client.send(new UpdateItemCommand(input)));
  delete = (input: DeleteItemCommandInput) =>
    this.run('DeleteItem', input, () => this.client.send(new DeleteItemCommand(input)));
  transactWrite = (input: TransactWriteItemsCommandInput) =>
    this.run('TransactWriteItems', input, () => this.client.send(new TransactWriteItemsCommand(input)));

  private async run<T>(operation: string, input: object, send: () => Promise<T>): Promise<T> {
    const attempts = watch(input, this.signal);
    this.attempts = attempts;
    try {
      this.signal.throwIfAborted();
      // As `within` does, but a request that the deadline ends still says what was tried.
      return await Promise.race([send(), endOf(this.signal)]);
    } catch (error) {
      throw new RequestFailed(operation, this.signal.aborted ? this.signal.reason : error, attempts);
    }
  }
}

/** An SDK client that does once what is the same for all requests: its middleware is put together for the first one of each kind. */
export const dynamoClient = (options: AwsClientOptions): DynamoDBClient => {
  const client = new DynamoDBClient({ ...awsClientConfig(options), cacheMiddleware: true });
  // It would copy all that is sent and received for a logger that nobody gave.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
};

/** A connection with deadlines, keep-alive and attempts that are watched. Make one per process and share it. */
export class Dynamo {
  readonly #client: DynamoDBClient;
  readonly #callDeadlineMs: number;

  constructor(
    private readonly options: AwsClientOptions,
    client = observeAttempts(dynamoClient(options)),
  ) {
    this.#callDeadlineMs = options.timing?.callDeadlineMs ?? AWS_TIMING.callDeadlineMs;
    this.#client = client;
  }

  /** The same connection, for calls that have another deadline. */
  within(callDeadlineMs: number): Dynamo {
    return new Dynamo({ ...this.options, timing: { ...this.options.timing, callDeadlineMs } }, this.#client);
  }

  /**
   * One port call: whatever `work` requests ends within the deadline.
   * @throws what `unavailable` makes of a RequestFailed that `work` did not handle: the failure in the words of the port.
   */
  async call<T>(
    unavailable: (failure: RequestFailed) => Error,
    work: (call: DynamoCall) => Promise<T>,
    deadlineMs: number = this.#callDeadlineMs,
  ): Promise<T> {
    try {
      return await withSignal(deadlineMs, (signal) => work(new DynamoCall(this.#client, signal)));
    } catch (error) {
      throw error instanceof RequestFailed ? unavailable(error) : error;
    }
  }

  /**
   * One port call that is one conditional write. False when its condition does not hold: somebody else was here before.
   * @throws what `unavailable` makes of any other failure.
   */
  writeIf(
    unavailable: (failure: RequestFailed) => Error,
    write: (call: DynamoCall) => Promise<unknown>,
  ): Promise<boolean> {
    return this.call(unavailable, async (call) => {
      try {
        await write(call);
        return true;
      } catch (failure) {
        if (failure instanceof RequestFailed && failure.exception === 'ConditionalCheckFailedException') return false;
        throw failure;
      }
    });
  }

  /** Closes the kept connections. */
  destroy(): void {
    this.#client.destroy();
  }
}
