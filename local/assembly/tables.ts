// Owns tables: which are of one Region, which span Regions, and what an MRSC table must not have.
// Leaves to local/dynamodb how they behave.
import type { GlobalTablePlan, TablePlan } from './plan.ts';
import type { Properties } from './properties.ts';
import type { Resource, Resources } from './resources.ts';

export interface ReadTables {
  /** Tables of one Region alone, with that Region. */
  readonly regional: readonly { readonly region: string; readonly table: TablePlan }[];
  readonly global: readonly GlobalTablePlan[];
}

/** Any date will do for a stream's label; one that stays the same lets checkpoints stay true. */
const STREAM_LABEL = '2026-01-01T00:00:00.000';

/** @throws Error for an MRSC table with TTL or a local index, which DynamoDB refuses and CDK does not */
export function readTables(resources: Resources): ReadTables {
  const regional: { region: string; table: TablePlan }[] = [];
  const global: GlobalTablePlan[] = [];
  for (const resource of resources.ofType('AWS::DynamoDB::GlobalTable')) {
    const { properties } = resource;
    const table = readTable(resource);
    const regions = properties.objects('Replicas').map((replica) => replica.text('Region'));
    const consistency = properties.optionalText('MultiRegionConsistency') === 'STRONG' ? 'STRONG' : 'EVENTUAL';
    const [witness] = properties.objects('GlobalTableWitnesses').map((one) => one.text('Region'));
    const streamed = readStream(properties, consistency);
    const [only] = regions;
    if (consistency === 'STRONG') refuseOnStrong(properties.where, table);
    if (regions.length === 1 && only !== undefined && witness === undefined) {
      if (streamed) throw new Error(`${properties.where}: streams of tables of one Region are not emulated`);
      regional.push({ region: only, table });
      continue;
    }
    global.push({
      ...table,
      consistency,
      replicas: regions.map((region) => {
        const arn = arnIn(region, table.arn);
        return { region, arn, ...(streamed ? { streamArn: `${arn}/stream/${STREAM_LABEL}` } : {}) };
      }),
      ...(witness === undefined ? {} : { witness }),
    });
  }
  return { regional, global };
}

function readTable({ properties, ref, attribute }: Resource): TablePlan {
  properties.value('TableName');
  const keys = readKeys(properties);
  const localIndexes = properties.objects('LocalSecondaryIndexes').map((index) => {
    index.object('Projection').only('ProjectionType', 'ALL');
    const { sortKey } = readKeys(index);
    if (sortKey === undefined) throw new Error(`${properties.where}: index ${index.text('IndexName')} has no sort key`);
    return { name: index.text('IndexName'), sortKey };
  });
  const ttl = properties.object('TimeToLiveSpecification');
  const ttlAttribute = ttl.optionalText('AttributeName');
  const ttlEnabled = ttl.flag('Enabled', false);
  return {
    name: ref(),
    arn: attribute('Arn'),
    attributes: properties.objects('AttributeDefinitions').map((definition) => ({
      name: definition.text('AttributeName'),
      type: definition.text('AttributeType') as TablePlan['attributes'][number]['type'],
    })),
    ...keys,
    localIndexes,
    ...(ttlEnabled && ttlAttribute !== undefined ? { ttlAttribute } : {}),
  };
}

function readKeys(properties: Properties): Pick<TablePlan, 'partitionKey' | 'sortKey'> {
  const keys = properties
    .objects('KeySchema')
    .map((key) => ({ name: key.text('AttributeName'), type: key.text('KeyType') }));
  const partitionKey = keys.find(({ type }) => type === 'HASH')?.name;
  if (partitionKey === undefined) throw new Error(`${properties.where}: a key schema has no HASH key`);
  const sortKey = keys.find(({ type }) => type === 'RANGE')?.name;
  return { partitionKey, ...(sortKey === undefined ? {} : { sortKey }) };
}

/** Whether there is a stream. Of MREC tables none is served, so that their view does not matter: CDK insists on one. */
function readStream(properties: Properties, consistency: GlobalTablePlan['consistency']): boolean {
  if (!properties.has('StreamSpecification')) return false;
  const view = properties.object('StreamSpecification').text('StreamViewType');
  if (consistency === 'STRONG' && view !== 'NEW_IMAGE')
    throw new Error(`${properties.where}: streams of ${view} are not emulated, only of NEW_IMAGE`);
  return true;
}

function refuseOnStrong(where: string, table: TablePlan): void {
  if (table.ttlAttribute !== undefined)
    throw new Error(`${where}: an MRSC table takes no TTL (attribute ${table.ttlAttribute}): DynamoDB refuses it`);
  const [index] = table.localIndexes;
  if (index !== undefined)
    throw new Error(`${where}: an MRSC table takes no local secondary index (${index.name}): DynamoDB refuses it`);
}

const arnIn = (region: string, arn: string): string => arn.split(':').with(3, region).join(':');
