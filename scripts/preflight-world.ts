// Owns what the preflight asks of the world: AWS, DNS and the issuer, each question with a bound on its time.
// Leaves to preflight-checks.ts what an answer means.
import { lookup, resolveCaa, resolveNs } from 'node:dns/promises';
import {
  DescribeLimitsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  ResourceNotFoundException as NoSuchFunction,
} from '@aws-sdk/client-lambda';
import { GetHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';

export interface ConcurrencyQuota {
  /** Of the account in the Region, all functions together. */
  readonly limit: number;
  /** What no function has reserved. */
  readonly unreserved: number;
  /** What the named functions have reserved already. */
  readonly ours: number;
}

/** Each method rejects with the error of AWS, DNS or fetch as it is. */
export interface World {
  /** Rejects when there are none. The account is not known to every kind of credentials. */
  credentials(region: string): Promise<{ readonly accountId?: string | undefined }>;
  hostedZone(
    id: string,
  ): Promise<{ readonly name: string; readonly isPrivate: boolean; readonly nameServers: readonly string[] }>;
  nameServersOf(domain: string): Promise<readonly string[]>;
  /** Certificate authorities that the domain admits; empty when it admits all. */
  admittedAuthorities(domain: string): Promise<readonly string[]>;
  addressesOf(host: string): Promise<readonly string[]>;
  json(url: string): Promise<unknown>;
  /** Resolves when DynamoDB of the Region answers this account. */
  dynamoDbAnswers(region: string): Promise<void>;
  tableStatus(region: string, table: string): Promise<string | undefined>;
  concurrency(region: string, functions: readonly string[]): Promise<ConcurrencyQuota>;
  bucketExists(bucket: string, region: string): Promise<boolean>;
}

const TIMEOUT_MS = 5_000;
const TRIES = 2;
/** Route 53's API has one endpoint for all Regions; the client wants the name of any. */
const clientOptions = (region: string) => ({
  region,
  maxAttempts: TRIES,
  requestHandler: { connectionTimeout: TIMEOUT_MS, requestTimeout: TIMEOUT_MS },
});

const absentIs = async <T, A>(
  absent: new (...args: never[]) => Error,
  otherwise: A,
  answer: Promise<T>,
): Promise<T | A> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof absent) return otherwise;
    throw error;
  }
};

/** `anyRegion` is where questions are asked that belong to no Region. */
export const realWorld = (anyRegion: string): World => ({
  credentials: async (region) => new LambdaClient(clientOptions(region)).config.credentials(),
  hostedZone: async (id) => {
    const { HostedZone, DelegationSet } = await new Route53Client(clientOptions(anyRegion)).send(
      new GetHostedZoneCommand({ Id: id }),
    );
    return {
      name: HostedZone?.Name ?? '',
      isPrivate: HostedZone?.Config?.PrivateZone ?? false,
      nameServers: DelegationSet?.NameServers ?? [],
    };
  },
  nameServersOf: (domain) => resolveNs(domain),
  admittedAuthorities: async (domain) => {
    try {
      const records = await resolveCaa(domain);
      return records.flatMap(({ issue }) => (issue === undefined ? [] : [issue]));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENODATA') return [];
      throw error;
    }
  },
  addressesOf: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  json: async (url) => {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`${url} answers ${response.status}`);
    return response.json();
  },
  dynamoDbAnswers: async (region) => {
    await new DynamoDBClient(clientOptions(region)).send(new DescribeLimitsCommand({}));
  },
  tableStatus: async (region, table) => {
    const described = new DynamoDBClient(clientOptions(region)).send(new DescribeTableCommand({ TableName: table }));
    return (await absentIs(ResourceNotFoundException, undefined, described))?.Table?.TableStatus;
  },
  concurrency: async (region, functions) => {
    const client = new LambdaClient(clientOptions(region));
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
    const reserved = functions.map(async (name) => {
      const answer = client.send(new GetFunctionConcurrencyCommand({ FunctionName: name }));
      return (await absentIs(NoSuchFunction, undefined, answer))?.ReservedConcurrentExecutions ?? 0;
    });
    return {
      limit: AccountLimit?.ConcurrentExecutions ?? 0,
      unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? 0,
      ours: (await Promise.all(reserved)).reduce((sum, one) => sum + one, 0),
    };
  },
  bucketExists: async (bucket, region) => {
    // Without a signature: a bucket that exists refuses (403), one that does not is not found.
    const url = `https://${bucket}.s3.${region}.amazonaws.com/`;
    const { status } = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(TIMEOUT_MS) });
    return status !== 404;
  },
});
