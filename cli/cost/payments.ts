// Owns what a million settled payments add to the idle bill, line by line.
// Leaves to idle.ts what is paid without them. Payments come one by one here, 0.4 a second: more at once are batched and cost less.
import { functionName, type Slug } from '../../lambdas/shared/names.ts';
import { type CostLine, line } from './lines.ts';
import { costOf } from './prices.ts';
import type { Templates } from './templates.ts';

const MILLION = 1_000_000;

/** Accepted, charge started, settled. */
const FACTS = 3;
/** In each Region: a transaction of each fact (table and index), its sums and its row of open work, and one try to remove that. */
const VIEW_UNITS = 11 + 9 + 9;
/** In each Region and for each fact: a row of facts not sealed yet, put in that transaction and deleted in a batch. */
const UNSEALED_UNITS = 2 + 1;
/** At this rate a seal has one or two facts; each is written to both replicas, and read back. */
const SEALS = { written: 2, read: 6 };
/** Of the stream: five by who settles, one by the other Region, four by notices. */
const STRONG_READS = 10;
/** In both Regions together, heartbeats in the same batches. */
const PROJECTIONS = 3.75;
/** Six messages, each sent, received and deleted, and two to the archive, hardly batched. */
const QUEUE_REQUESTS = 20;
/** In both Regions: settlements and notices. The processor answers in about 2 s. */
const SETTLING = { calls: 1, seconds: 2 };
const OTHER_WORK = { calls: 5, seconds: 0.05 };
const PAYING_SECONDS = 0.1;
/** Access, platform and metric lines. */
const LOG_GB = 7.5;
/** The first of every second and 5 % of the rest: at this rate nearly all, one a payment and six of the workers. */
const TRACES = 7;
/** One for each bucket and minute that had a fact, in each Region. */
const PUTS = 1;
/** A million payments in one replica of the ledger, and in one view. */
const STORED_GB = { ledger: 3, view: 6 };

export const paymentLines = (templates: Templates, jurisdiction: string): readonly CostLine[] => {
  const regions = templates.count('AWS::ApiGatewayV2::Api');
  const replicas = templates.ledgerReplicas();
  const lambda = (slug: Slug, calls: number, seconds: number): number => {
    const gb = Number(templates.functionNamed(functionName(jurisdiction, slug)).MemorySize) / 1024;
    return costOf('lambdaRequest', calls * MILLION) + costOf('lambdaCompute', calls * MILLION * seconds * gb);
  };
  const unsealed = FACTS * UNSEALED_UNITS * regions;
  return [
    line('the ledger', costOf('writeUnit', FACTS * replicas * MILLION), [`${FACTS} facts × ${replicas} replicas`]),
    line('both views', costOf('writeUnit', VIEW_UNITS * regions * MILLION), [
      `${VIEW_UNITS} write units a payment × ${regions} Regions`,
    ]),
    line('strong reads of the workers', costOf('readUnit', STRONG_READS * MILLION), [`${STRONG_READS} a payment`]),
    line('HTTP API and `payments`', costOf('httpApi', MILLION) + lambda('payments', 1, PAYING_SECONDS), [
      `about ${PAYING_SECONDS * 1000} ms each`,
    ]),
    line(
      'sealing',
      costOf('writeUnit', (unsealed + SEALS.written * replicas) * MILLION) + costOf('readUnit', SEALS.read * MILLION),
      [
        `${unsealed + SEALS.written * replicas} write and ${SEALS.read} read units a payment; less where windows are full`,
      ],
    ),
    line('projecting', lambda('project-facts', PROJECTIONS, 0.015), [`${PROJECTIONS} calls a payment in all Regions`]),
    line('queues', costOf('sqs', QUEUE_REQUESTS * MILLION), [`${QUEUE_REQUESTS} requests a payment, hardly batched`]),
    line(
      'workers',
      lambda('settle-payment', SETTLING.calls, SETTLING.seconds) +
        lambda('settle-payment', OTHER_WORK.calls, OTHER_WORK.seconds),
      [`one call of ${SETTLING.seconds} s for the processor, ${OTHER_WORK.calls} of ${OTHER_WORK.seconds * 1000} ms`],
    ),
    line('archive', costOf('s3Put', PUTS * regions * MILLION), [
      `a put in each Region; 28.00 at the most, at any rate`,
    ]),
    line('logs', costOf('logs', LOG_GB), [`${LOG_GB} GB`]),
    line('traces', costOf('trace', TRACES * MILLION), [
      `up to ${TRACES} a payment; 5 % of that where payments are many`,
    ]),
  ];
};

/** A month, for as long as they are kept. */
export const storageLines = (templates: Templates): readonly CostLine[] => {
  const regions = templates.count('AWS::ApiGatewayV2::Api');
  const replicas = templates.ledgerReplicas();
  const gb = STORED_GB.ledger * replicas + STORED_GB.view * regions;
  return [
    line('tables', costOf('tableStorage', gb) + costOf('pointInTime', gb), [
      `${STORED_GB.ledger} GB × ${replicas} replicas, ${STORED_GB.view} GB × ${regions} views, with recovery`,
    ]),
  ];
};
