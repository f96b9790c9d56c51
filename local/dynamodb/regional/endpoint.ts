// Owns a Region's DynamoDB endpoint: who may ask, and whether the ledger or the Region's own engine answers.
// Leaves to permission.ts the policies, to regional-tables.ts and the ledger's gateway the answers.
import type { IncomingMessage } from 'node:http';
import { accessKeyOf } from '../../iam/callers.ts';
import type { DynamoConnection } from '../engine-client.ts';
import { AwsRefusal, answer, notEmulated, operationOf, parseBody, passedOn, type Reply } from '../protocol.ts';
import type { WireHandler } from '../wire-server.ts';
import { type Catalog, namedTables } from './catalog.ts';
import type { Inbox } from './inbox.ts';
import type { Permission } from './permission.ts';
import type { RegionalTables } from './regional-tables.ts';
import { REPLICATION_ACCESS_KEY, REPLICATION_PATH, type ReplicationMessage } from './replication-wire.ts';

export interface EndpointParts {
  readonly catalog: Catalog;
  readonly permission: Permission;
  readonly ledger: DynamoConnection;
  readonly tables: RegionalTables;
  readonly inbox: Inbox;
  readonly isIsolated: () => boolean;
}

export const regionalEndpoint =
  (parts: EndpointParts): WireHandler =>
  async (request, raw, gone) => {
    if (request.url === REPLICATION_PATH) return replicated(parts, request, raw);
    const operation = operationOf(request);
    if (operation === undefined)
      throw new AwsRefusal(400, 'UnknownOperationException', 'X-Amz-Target names no operation of DynamoDB');
    const body = parseBody(raw);
    const denied = parts.permission(request, operation.name, body);
    if (denied !== undefined) return denied;
    const target = String(request.headers['x-amz-target']);
    if (operation.service === 'streams') return askLedger(parts.ledger, target, raw, gone);
    const kinds = new Set(
      [...namedTables(body)].map((name) => (parts.catalog.get(name)?.kind === 'ledger' ? 'ledger' : 'here')),
    );
    // A transaction that touches the ledger at all is refused there.
    if (kinds.has('ledger') && (kinds.size === 1 || operation.name.startsWith('Transact'))) {
      return askLedger(parts.ledger, target, raw, gone);
    }
    if (kinds.size > 1) throw notEmulated(`${operation.name} on an MRSC table together with others`);
    return parts.tables.serve(operation.name, body, raw);
  };

/** Passed on as it is; an answer lost on the way is lost to the client too. */
const askLedger = async (ledger: DynamoConnection, target: string, raw: Buffer, gone: AbortSignal): Promise<Reply> => {
  try {
    return passedOn(await ledger.send(target, raw, gone));
  } catch {
    return { kind: 'dropped' };
  }
};

const replicated = async (
  { inbox, isIsolated }: EndpointParts,
  request: IncomingMessage,
  raw: Buffer,
): Promise<Reply> => {
  if (accessKeyOf(request.headers.authorization) !== REPLICATION_ACCESS_KEY)
    return answer({ error: 'only for replication' }, 403);
  if (isIsolated()) return answer({ error: 'isolated' }, 503);
  const { changes } = JSON.parse(raw.toString('utf8')) as ReplicationMessage;
  await Promise.all(changes.map((change) => inbox.apply(change)));
  return answer({ applied: changes.length });
};
