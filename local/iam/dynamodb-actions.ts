// Owns which actions, on which resources, a DynamoDB or DynamoDB Streams request needs, and the leading keys it names.
// Leaves to evaluate.ts whether the caller has them.
import type { RequestContext } from './conditions.ts';

export interface NeededAction {
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

/** What must be known of a table to judge a request on it. */
export interface ProtectedTable {
  readonly arn: string;
  readonly partitionKey: string;
}

export interface DynamoDbRequest {
  /** The part of `X-Amz-Target` after the dot. */
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly region: string;
  /** By table name; undefined when there is no such table. */
  readonly table: (name: string) => ProtectedTable | undefined;
  /** ARN used for a table that is not there: AWS checks the policy before it looks for the table. */
  readonly arnOfUnknown: (name: string) => string;
  /** For GetRecords, whose body holds only an iterator. */
  readonly streamArn?: string;
}

type Attributes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
type Part = Readonly<Record<string, unknown>>;

const TRANSACTION_ACTIONS: Readonly<Record<string, string>> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Get: 'dynamodb:GetItem',
};

/** Everything the caller must be allowed, in the order in which AWS would name the first one that is missing. */
export function neededActions(request: DynamoDbRequest): readonly NeededAction[] {
  const { operation, body } = request;
  switch (operation) {
    case 'TransactWriteItems':
    case 'TransactGetItems':
      return list(body.TransactItems).flatMap((item) =>
        Object.entries(item).flatMap(([kind, part]) =>
          onTable(request, TRANSACTION_ACTIONS[kind] ?? `dynamodb:${kind}`, part as Part, itemKeys),
        ),
      );
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.entries((body.RequestItems ?? {}) as Record<string, unknown>).flatMap(([name, part]) =>
        onTable(request, `dynamodb:${operation}`, { TableName: name, batch: part }, batchKeys),
      );
    case 'Query':
      return onTable(request, 'dynamodb:Query', body, queryKeys);
    case 'DescribeStream':
    case 'GetRecords':
    case 'GetShardIterator':
      return [needed(request, `dynamodb:${operation}`, text(body.StreamArn) ?? request.streamArn ?? '*')];
    case 'ListStreams':
    case 'ListTables':
      return [needed(request, `dynamodb:${operation}`, '*')];
    default:
      return onTable(request, `dynamodb:${operation}`, body, itemKeys);
  }
}

function onTable(
  request: DynamoDbRequest,
  action: string,
  part: Part,
  leadingKeys: (part: Part, partitionKey: string) => readonly string[],
): readonly NeededAction[] {
  const named = text(part.TableName) ?? '';
  const name = named.startsWith('arn:') ? (named.split(':table/')[1]?.split('/')[0] ?? named) : named;
  const table = request.table(name);
  const arn = table?.arn ?? request.arnOfUnknown(name);
  const index = text(part.IndexName);
  const keys = table === undefined ? [] : leadingKeys(part, table.partitionKey);
  return [needed(request, action, index === undefined ? arn : `${arn}/index/${index}`, keys)];
}

function needed(
  request: DynamoDbRequest,
  action: string,
  resource: string,
  leadingKeys: readonly string[] = [],
): NeededAction {
  return {
    action,
    resource,
    context: {
      'aws:RequestedRegion': [request.region],
      // The endpoint stands for DynamoDB's own, which the SDK reaches over TLS.
      'aws:SecureTransport': ['true'],
      'dynamodb:LeadingKeys': leadingKeys,
    },
  };
}

function itemKeys(part: Part, partitionKey: string): readonly string[] {
  return keyOf((part.Key ?? part.Item) as Attributes | undefined, partitionKey);
}

function batchKeys(part: Part, partitionKey: string): readonly string[] {
  const batch = part.batch as { readonly Keys?: readonly Attributes[] } | readonly Part[] | undefined;
  if (Array.isArray(batch)) {
    return (batch as readonly Part[]).flatMap((entry) =>
      Object.values(entry).flatMap((write) => itemKeys(write as Part, partitionKey)),
    );
  }
  return ((batch as { readonly Keys?: readonly Attributes[] } | undefined)?.Keys ?? []).flatMap((key) =>
    keyOf(key, partitionKey),
  );
}

/** The partition key's value in `KeyConditionExpression`, which always compares it with `=`. */
function queryKeys(part: Part, partitionKey: string): readonly string[] {
  const names = (part.ExpressionAttributeNames ?? {}) as Readonly<Record<string, string>>;
  const values = (part.ExpressionAttributeValues ?? {}) as Attributes;
  for (const [, name = '', value = ''] of (text(part.KeyConditionExpression) ?? '').matchAll(
    /([#\w.-]+)\s*=\s*(:\w+)/g,
  )) {
    if ((names[name] ?? name) === partitionKey) return scalar(values[value]);
  }
  return [];
}

const keyOf = (attributes: Attributes | undefined, partitionKey: string): readonly string[] =>
  scalar(attributes?.[partitionKey]);

function scalar(value: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  const held = value?.S ?? value?.N ?? value?.B;
  return typeof held === 'string' ? [held] : [];
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const list = (value: unknown): readonly Part[] => (Array.isArray(value) ? (value as readonly Part[]) : []);
