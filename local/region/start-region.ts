// Owns how one Region is put together from its plan: data, queues, functions, event sources, edge, admin port, in that order.
// Leaves to region-process.ts the process around it, and to each emulator what it does.
import type { Server } from 'node:http';
import { join } from 'node:path';
import { ENV } from '../../lambdas/shared/names.ts';
import { Certificates } from '../acm/certificates.ts';
import { resolveCustomResources } from '../assembly/custom-resources.ts';
import type { PolicyStatement, RegionPlan } from '../assembly/plan.ts';
import { closeServer } from '../close-server.ts';
import { memoryFile } from '../cloudwatch/alarm-memory.ts';
import { MetricStore } from '../cloudwatch/metric-store.ts';
import { RegionMetrics } from '../cloudwatch/region-metrics.ts';
import { AlarmWatch } from '../cloudwatch/watch-alarms.ts';
import { type DeploymentSeen, Deployments } from '../codedeploy/deployments.ts';
import { type RegionalDynamo, startRegionalDynamo } from '../dynamodb/regional/start-regional-dynamo.ts';
import { seededRandom } from '../dynamodb/seeded-random.ts';
import { matches } from '../events/pattern.ts';
import { createHttpApi } from '../http-api/server.ts';
import { type Authorization, type AuthorizationRequest, authorize, checkStatements } from '../iam/evaluate.ts';
import { type LambdaOptions, startLambda } from '../lambda/service.ts';
import { MovableClock } from '../movable-clock.ts';
import type { AlarmReading, RegionProcessConfig } from '../processes.ts';
import { startS3 } from '../s3/endpoint.ts';
import { startScheduler } from '../schedules/scheduler.ts';
import { startSes } from '../ses/endpoint.ts';
import { startSqs } from '../sqs/endpoint.ts';
import { poison } from '../sqs/poison.ts';
import { Queues } from '../sqs/queues.ts';
import { adminServer } from './admin.ts';
import { makeCustomResources } from './custom-resources.ts';
import { startEventSources, startQueueSources } from './event-sources.ts';
import { followingClock } from './function-clock.ts';
import { LineLog } from './line-log.ts';
import { startPaging } from './paging.ts';
import { openPublicNames } from './public-names.ts';

export interface RunningRegion {
  stop(): Promise<void>;
}

/** Resolves when everything listens. @throws Error in one line for whatever cannot be run */
export async function startRegion(config: RegionProcessConfig): Promise<RunningRegion> {
  const { dataDir, ports } = config;
  const clock = new MovableClock(Date.now, config.clockOffsetMs);
  const { nowMs } = clock;
  const functionClock = followingClock(clock);
  const closing: (() => Promise<unknown>)[] = [];
  const functionLog = new LineLog(join(dataDir, 'logs', 'functions.log'));
  const metricLog = new LineLog(join(dataDir, 'logs', 'metrics.jsonl'));
  const accessLog = new LineLog(join(dataDir, 'logs', 'access.log'));
  const alarmLog = new LineLog(join(dataDir, 'logs', 'alarms.jsonl'));
  const onTrouble = (what: string): void => console.error(`${new Date().toISOString()} ${config.plan.region} ${what}`);

  const policies = new CurrentPolicies();
  const authorizeNow = (request: AuthorizationRequest): Authorization =>
    authorize({ ...request, statements: policies.of(request.statements) });
  const dynamo = await startRegionalDynamo({
    config,
    authorize: authorizeNow,
    onDenied: ({ message }) => onTrouble(message),
    onDefect: onTrouble,
    onEngineExit: onTrouble,
    nowMs,
  });

  const queues = new Queues(dataDir, config.plan.queues, nowMs);
  clock.onMove(() => queues.wake());
  const guarded = {
    plan: config.plan,
    authorize: authorizeNow,
    onDenied: onTrouble,
    onDefect: onTrouble,
    nowMs,
  };
  const sqs = await startSqs({ ...guarded, queues, port: ports.sqs });

  const store = new MetricStore(config.alarms);
  const metrics = new RegionMetrics(store, nowMs);
  const certificates = new Certificates({
    certificates: config.plan.certificates,
    file: join(dataDir, 'certificates.json'),
    nowMs,
  });

  const ses = await startSes({ ...guarded, dataDir, port: ports.ses });
  const s3 = await startS3({ ...guarded, dataDir, port: ports.s3 });

  let readAlarms: () => readonly AlarmReading[] = () => [];
  let readDeployments: () => readonly DeploymentSeen[] = () => [];
  const paging = await startPaging({
    plan: config.plan,
    alarms: config.alarms,
    dataDir,
    readings: () => readAlarms(),
    deployments: () => readDeployments(),
    authorize: authorizeNow,
    onTrouble,
    nowMs,
  });

  let isCutOff = config.isolated;
  const publicNames = await openPublicNames({
    names: config.publicNames,
    region: config.plan.region,
    isCutOff: () => isCutOff,
    nowMs,
  });

  const lambdaOptions = (plan: RegionPlan): LambdaOptions => ({
    plan,
    publicPorts: publicNames.ports,
    endpoints: {
      ...endpointsOf(dynamo),
      AWS_ENDPOINT_URL_SQS: sqs.url,
      AWS_ENDPOINT_URL_SESV2: ses.url,
      ...paging.endpoints,
      AWS_ENDPOINT_URL_S3: s3.url,
      [ENV.processorUrl]: config.processorUrl,
    },
    clockOffset: functionClock.offset,
    randomOf: (functionName) => seededRandom(config.seed, `${plan.region} versions of ${functionName}`),
    onLog: (functionName, lines) => {
      for (const line of lines) functionLog.write(`${functionName} ${line}`);
    },
    onMetric: (functionName, data) => {
      for (const datum of data) metricLog.write(JSON.stringify({ functionName, ...datum }));
      metrics.emf(data);
    },
  });
  const plan = await deploy(config, lambdaOptions(config.plan));
  policies.replace(config.plan, plan);

  const unmetered = startLambda(lambdaOptions(plan));
  const lambda = { ...unmetered, invoke: metrics.metered(unmetered.invoke) };
  const deployments = new Deployments({
    plan,
    lambda,
    readings: () => readAlarms(),
    authorize: authorizeNow,
    onEvent: (event) => {
      onTrouble(JSON.stringify(event));
      for (const { name, pattern } of plan.eventRules) if (matches(pattern, event)) metrics.ruleTriggered(name);
    },
    nowMs,
  });
  readDeployments = () => deployments.all();
  const onIteratorAge = (functionName: string, ageMs: number): void => metrics.iteratorAge(functionName, ageMs);
  const feeding = { plan, lambda, queues, dynamodbUrl: dynamo.url, dataDir, nowMs, onIteratorAge, onTrouble };
  const sources = startEventSources(feeding);
  const workers = startQueueSources(feeding);
  const scheduler = startScheduler({
    plan,
    invoke: lambda.invoke,
    file: join(dataDir, 'schedules.json'),
    onTrouble,
    nowMs,
    onClockMove: (listener) => clock.onMove(listener),
  });
  const edge = createHttpApi({
    plan: plan.httpApi,
    account: plan.account,
    issuerUrl: config.issuerUrl,
    invoke: lambda.invoke,
    onAccess: (line) => accessLog.write(line),
    nowMs,
  });
  await listen(edge, ports.edge);
  const alarmActions = paging.actions(plan, lambda.invoke);
  const alarms = new AlarmWatch({
    alarms: config.alarms,
    store,
    sample: () => {
      metrics.queues(queues.all());
      metrics.certificates(certificates);
    },
    memory: memoryFile(join(dataDir, 'alarms.json')),
    // What SNS would deliver goes no further than this log: nobody is written to from here.
    onChange: (change) => {
      alarmLog.write(JSON.stringify(change));
      alarmActions.noteChange(change);
    },
    onNotification: (notification) => {
      alarmLog.write(JSON.stringify(notification));
      alarmActions.carryOut(notification);
    },
    onEvaluated: () => deployments.advance(),
    nowMs,
  });
  readAlarms = () => alarms.readings();
  alarms.start();
  const admin = adminServer({
    state: () => ({
      viewLagMs: Math.max(0, ...sources.map((source) => source.lagMs())),
      queues: queues.states(),
      alarms: alarms.readings(),
      pages: paging.published(),
    }),
    deploy: (group, bundle) => deployments.create(group, bundle),
    deployments: () => deployments.all(),
    isolate: () => {
      isCutOff = true;
      dynamo.isolate();
    },
    rejoin: () => {
      isCutOff = false;
      dynamo.rejoin();
    },
    runSchedule: (name, input) => scheduler.runNow(name, input),
    moveClock: (offsetMs) => clock.moveTo(offsetMs),
    skewFunctions: functionClock.skew,
    renewal: (does) => (does === 'stop' ? certificates.stopRenewal() : certificates.resumeRenewal()),
    queueFault: (slug, fault) => {
      const queue = queues.withSlug(slug);
      queue?.faults.add(fault);
      return queue !== undefined;
    },
    poison: (slug, count) => {
      const queue = queues.withSlug(slug);
      if (queue !== undefined) poison(queue, count);
      return queue !== undefined;
    },
    flipArchivedBit: (key) => config.plan.buckets.some(({ name }) => s3.flipBit(name, key)),
    streamFault: (fault) => {
      for (const { faults } of sources) faults.add(fault);
    },
    rereadStream: async () => {
      await Promise.all(sources.map((source) => source.reread()));
    },
  });
  await listen(admin, ports.admin);

  closing.push(
    async () => alarms.stop(),
    async () => alarmActions.stop(),
    () => Promise.all([closeServer(edge), closeServer(admin)]),
    () => Promise.all([...sources, ...workers, scheduler].map((source) => source.stop())),
    () => lambda.close(),
    () => Promise.all([publicNames.close(), paging.stop()]),
    () => Promise.all([sqs.stop(), ses.stop(), s3.stop(), dynamo.stop()]),
    async () => {
      for (const log of [functionLog, metricLog, accessLog, alarmLog]) log.close();
    },
  );
  return {
    stop: async () => {
      for (const step of closing) await step();
    },
  };
}

/** Runs the custom resources, and gives the plan with what they answered. Their functions run as the template has them. */
async function deploy(config: RegionProcessConfig, options: LambdaOptions): Promise<RegionPlan> {
  const lambda = startLambda(options);
  try {
    const data = await makeCustomResources(config.plan, lambda.invoke, join(config.dataDir, 'custom-resources.json'));
    return resolveCustomResources(config.plan, data);
  } finally {
    await lambda.close();
  }
}

/** Roles are known to the DynamoDB endpoint before the last ARN in their policies is: it is found through that endpoint. */
class CurrentPolicies {
  private readonly current = new Map<readonly PolicyStatement[], readonly PolicyStatement[]>();

  of(statements: readonly PolicyStatement[]): readonly PolicyStatement[] {
    return this.current.get(statements) ?? statements;
  }

  replace(before: RegionPlan, after: RegionPlan): void {
    for (const [index, role] of before.roles.entries()) {
      const resolved = after.roles[index];
      if (resolved === undefined) continue;
      checkStatements(resolved.statements, `role ${role.name}`);
      this.current.set(role.statements, resolved.statements);
    }
  }
}

const endpointsOf = (dynamo: RegionalDynamo): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
  AWS_ENDPOINT_URL_DYNAMODB_STREAMS: dynamo.url,
});

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE' ? new Error(`port ${port} is in use: choose another with --port-base`) : error,
      ),
    );
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
