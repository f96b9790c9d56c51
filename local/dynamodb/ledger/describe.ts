// Owns how one Region describes its replica of an MRSC table.
// Leaves to the engine the description of keys and sizes.
import type { DynamoConnection } from '../engine-client.ts';
import { passedOn, type Reply, type RequestBody } from '../protocol.ts';
import { withOwnArns } from '../tables.ts';
import type { RegionTables } from './ledger-table.ts';

export const STREAM_VIEW_TYPE = 'NEW_IMAGE';

/** The label is the last part of a stream's ARN. */
export const streamLabel = (streamArn: string): string => streamArn.split('/stream/')[1] ?? '';

export const describeTable = async (
  engine: DynamoConnection,
  tables: RegionTables,
  body: RequestBody,
): Promise<Reply> => {
  const table = tables.of(body);
  const wire = await engine.raw('DescribeTable', JSON.stringify({ TableName: table.plan.name }));
  if (wire.status !== 200) return passedOn(wire);
  const { Table } = JSON.parse(withOwnArns(wire.body, tables.arn(table))) as { readonly Table: object };
  const streamArn = tables.streamArn(table);
  const description = {
    ...Table,
    DeletionProtectionEnabled: true,
    StreamSpecification: { StreamEnabled: true, StreamViewType: STREAM_VIEW_TYPE },
    LatestStreamArn: streamArn,
    LatestStreamLabel: streamLabel(streamArn),
    GlobalTableVersion: '2019.11.21',
    MultiRegionConsistency: 'STRONG',
    // As on AWS: the other replicas, not the one that is asked.
    Replicas: table.plan.replicas
      .filter(({ region }) => region !== tables.region)
      .map(({ region, arn }) => ({ RegionName: region, ReplicaArn: arn, ReplicaStatus: 'ACTIVE' })),
    ...(table.plan.witness === undefined
      ? {}
      : { GlobalTableWitnesses: [{ RegionName: table.plan.witness, WitnessStatus: 'ACTIVE' }] }),
  };
  return { kind: 'answer', status: 200, body: JSON.stringify({ Table: description }) };
};
