// Owns what DynamoDB refuses on an MRSC table, and what this machine refuses because it could only pretend.
// Leaves to the paths of reads and writes what is served.
import { AwsRefusal, notEmulated, type RequestBody, validation } from '../protocol.ts';
import { type RegionTables, tableNameOf } from './ledger-table.ts';

/**
 * Transactions, TTL and local secondary indexes are not to be had with MRSC (DynamoDB developer guide, global tables). The
 * type of the error is AWS's; its text was not to be found and is ours.
 */
const unsupported = (what: string): AwsRefusal =>
  validation(`${what} not supported on global tables configured for multi-Region strong consistency (MRSC)`);

/** @throws AwsRefusal always when the operation is one of these; returns when it is another's to serve */
export const refuseUnsupported = (operation: string, body: RequestBody, tables: RegionTables): void => {
  switch (operation) {
    case 'TransactWriteItems':
    case 'TransactGetItems':
      throw unsupported('Transactions are');
    case 'UpdateTimeToLive':
      tables.of(body);
      throw unsupported('Time to Live is');
    case 'CreateTable':
      if (body.LocalSecondaryIndexes !== undefined) throw unsupported('Local secondary indexes are');
      throw new AwsRefusal(400, 'ResourceInUseException', `Table already exists: ${tableNameOf(body.TableName)}`);
    case 'DeleteTable':
      tables.of(body);
      throw validation(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    case 'UpdateTable':
      throw notEmulated('UpdateTable: change the template and start again');
    case 'ExecuteStatement':
    case 'BatchExecuteStatement':
    case 'ExecuteTransaction':
      throw notEmulated('PartiQL on an MRSC table');
    default:
  }
};
