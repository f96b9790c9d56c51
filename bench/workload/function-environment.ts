// Owns the environment of a measured function: what the template and Lambda set, for the tables of bench/engine.
// Leaves to lib/ what they are set to on AWS.
import { ENV, tableName } from '../../lambdas/shared/names.ts';
import { CREDENTIALS } from '../engine/sdk-client.ts';
import { JURISDICTION, PEER, REGION, TABLES } from '../engine/tables.ts';

/** Far above what one account is asked for here: who is over the limit would be measured for being refused. */
const UNLIMITED = '1000000000';

/** Every setting, whether a function reads it or not: that is what the template gives each. */
export const functionEnvironment = (endpoint: string): Readonly<Record<string, string>> => ({
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  [ENV.jurisdiction]: JURISDICTION,
  [ENV.regions]: `${REGION},${PEER}`,
  [ENV.hostname]: 'api.us.example.com',
  [ENV.ownHostname]: `${REGION}.api.us.example.com`,
  [ENV.peerHostname]: `${PEER}.api.us.example.com`,
  [ENV.ledgerTable]: TABLES.ledger,
  [ENV.viewsTable]: TABLES.views,
  [ENV.regionStateTable]: TABLES.regionState,
  [ENV.requestCountsTable]: TABLES.requestCounts,
  [ENV.sealWorkTable]: TABLES.sealWork,
  [ENV.profilesTable]: tableName(JURISDICTION, 'profiles'),
  [ENV.catalogTable]: tableName(JURISDICTION, 'catalog'),
  [ENV.readingsTable]: tableName(JURISDICTION, 'readings'),
  [ENV.paymentsPerAccount]: UNLIMITED,
  [ENV.lookupsPerAccount]: UNLIMITED,
  [ENV.archiveBucket]: 'baseload-us-archive',
  [ENV.queueUrlBase]: `https://sqs.${REGION}.amazonaws.com/111111111111/`,
  [ENV.topicArnBase]: `arn:aws:sns:${REGION}:111111111111:`,
  [ENV.processor]: 'local',
  [ENV.processorUrl]: 'http://127.0.0.1:1',
});
