// Owns how the processes of a local run are told what to be: one JSON file each, its path the only argument.
// Each announces itself ready with an IPC message, ends when its IPC channel closes, and is steered over its admin port.
import type { GlobalTablePlan, QueuePlan, RegionPlan } from './assembly/plan.ts';
import type { AlarmPlan, AlarmStatus } from './cloudwatch/alarm-plan.ts';

/** The committed state of every MRSC table and, per Region, the gateway that stands before it. Outlives a killed Region. */
export interface LedgerProcessConfig {
  readonly dataDir: string;
  /** Round trips between Regions in milliseconds, from the committed latency matrix. */
  readonly roundTripMs: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly tables: readonly GlobalTablePlan[];
  readonly ports: {
    readonly engine: number;
    readonly admin: number;
    /** DynamoDB and DynamoDB Streams of the ledger as this Region sees them; no IAM here, the Region's own endpoint does that. */
    readonly gateways: Readonly<Record<string, number>>;
  };
  /** Seeds lags and jitter. */
  readonly seed: number;
  /** How far the run's clock is ahead of the machine's; absent: not at all. `POST /clock` on the admin port moves it on. */
  readonly clockOffsetMs?: number;
}

/** One Region: edge, Lambda workers, event sources, regional engine. One process group, killed with SIGKILL. */
export interface RegionProcessConfig {
  readonly jurisdiction: string;
  readonly plan: RegionPlan;
  readonly globalTables: readonly GlobalTablePlan[];
  /** Of this Region: they are evaluated where the metrics are, and die with it. */
  readonly alarms: readonly AlarmPlan[];
  readonly dataDir: string;
  readonly ports: {
    readonly edge: number;
    readonly dynamodb: number;
    readonly engine: number;
    readonly admin: number;
    readonly sqs: number;
    readonly ses: number;
    readonly s3: number;
  };
  readonly ledgerGatewayUrl: string;
  /** The local payment processor, which stands outside of every Region. */
  readonly processorUrl: string;
  /** The local issuer of tokens, which stands there too. */
  readonly issuerUrl: string;
  /** The DynamoDB endpoints of the other Regions, for the replication of MREC tables. */
  readonly peers: readonly { readonly region: string; readonly dynamodbUrl: string }[];
  readonly roundTripMs: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly publicNames: PublicNames;
  readonly isolated: boolean;
  /** How far the run's clock is ahead of the machine's; `POST /clock` on the admin port moves it on. */
  readonly clockOffsetMs: number;
  /** Draws which version of a function runs a call while a deployment shifts. */
  readonly seed: number;
}

/** How the application's own hostnames are found: functions use them as payers do. */
export interface PublicNames {
  readonly dnsPort: number;
  /** Of the hosted zone. */
  readonly hostnames: readonly string[];
  /** Where the names lead that DNS answers with. */
  readonly targets: Readonly<Record<string, { readonly region: string; readonly port: number }>>;
}

/** Sent over IPC once everything listens. */
export interface ReadyMessage {
  readonly kind: 'ready';
}

/** `GET /state` on a Region's admin port. */
export interface RegionAdminState {
  /** Newest commit of the ledger this Region's stream offers less the newest one its function has finished, in milliseconds. */
  readonly viewLagMs: number;
  readonly queues: readonly (Pick<QueuePlan, 'slug'> & {
    readonly visible: number;
    readonly inFlight: number;
    /** Sent with a delay that is not over. */
    readonly delayed: number;
    readonly oldestAgeMs: number;
    readonly dlq: number;
  })[];
  readonly alarms: readonly AlarmReading[];
  /** Messages that its topics have taken in this run's data directory; of very many, the newest. */
  readonly pages: number;
}

export interface AlarmReading {
  readonly name: string;
  readonly state: AlarmStatus;
  /** Epoch milliseconds of the last change. */
  readonly sinceMs: number;
}

/**
 * `GET /state` on the ledger's admin port. The same port takes `POST /regions/{region}/{down|up|isolate|rejoin}`:
 * idempotent, 200 once in effect (not once caught up), 404 for an unknown Region. A Region's own admin port takes
 * `POST /isolate` and `POST /rejoin` for what it alone knows (replication of MREC tables with its peers).
 */
export interface LedgerAdminState {
  readonly regions: Readonly<
    Record<string, { readonly network: 'connected' | 'isolated'; readonly down: boolean; readonly caughtUp: boolean }>
  >;
  /** Facts committed, heartbeats left out; `byType` counts the `type` in each body. */
  readonly facts: { readonly total: number; readonly byType: Readonly<Record<string, number>> };
}

/** What can be made to go wrong in the ledger: `POST /faults` on the ledger's admin port. */
export type LedgerFault =
  /** The next `count` writes of `region` fail with ReplicatedWriteConflictException. */
  | { readonly kind: 'write-conflict'; readonly region: string; readonly count: number }
  /** The next `count` writes of `region` commit, and the connection is dropped before the answer. */
  | { readonly kind: 'lost-answer'; readonly region: string; readonly count: number }
  /** The next `count` writes of `region` are held by it and the witness only: other replicas' streams and eventual reads do not have them until a strong read or write asks, or `region` is back. */
  | { readonly kind: 'witness-only'; readonly region: string; readonly count: number }
  /** The next `count` requests of `region` are throttled. */
  | { readonly kind: 'throttle'; readonly region: string; readonly count: number }
  /** The next `count` requests of `region` are never answered. */
  | { readonly kind: 'silent'; readonly region: string; readonly count: number }
  /** The next `count` requests of `region` wait so long before they are looked at. */
  | { readonly kind: 'slow'; readonly region: string; readonly count: number; readonly delayMs: number };

/**
 * Only requests on items whose sort key (a string) begins and ends so are hit: heartbeats use up no fault, and with the suffix
 * `#000` nothing but first facts of streams do, whatever workers write meanwhile.
 */
export type ScopedFault = LedgerFault & { readonly sortKeyPrefix?: string; readonly sortKeySuffix?: string };
