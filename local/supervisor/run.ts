// Owns a whole run: what is started in which order, and what each part is told of the others.
// Leaves each part to its own folder, and to main.ts signals, arguments and the screen.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { archiveBucketName } from '../../lambdas/shared/names.ts';
import type { AppPlan, QueuePlan, QueueSourcePlan } from '../assembly/plan.ts';
import { closeServer } from '../close-server.ts';
import { controlApp } from '../control/app.ts';
import { Observer } from '../control/observer.ts';
import type { ControlState } from '../control/state.ts';
import { Happenings } from '../control-room/happenings.ts';
import { openControlRoom } from '../control-room/open-control-room.ts';
import { Traffic } from '../control-room/traffic.ts';
import { createFrontDoor } from '../front-door/front-door.ts';
import { udpLookup } from '../front-door/lookup.ts';
import { NameCache } from '../front-door/name-cache.ts';
import { authorizerOf, openIssuer } from '../issuer/issuer.ts';
import { type LocalIssuer, startIssuer } from '../issuer/start-issuer.ts';
import { roundTripMs } from '../latency.ts';
import { startProcessor } from '../processor/start-processor.ts';
import { regionalTargets } from '../route53/endpoints.ts';
import { type Route53, startRoute53 } from '../route53/route53.ts';
import type { Progress } from '../screen/progress.ts';
import { readOutbox } from '../ses/outbox.ts';
import { readPages } from '../sns/pages.ts';
import { adminGet, adminPost } from './admin-client.ts';
import { startChild } from './child.ts';
import type { Closers } from './closers.ts';
import { choosePorts } from './ports.ts';
import { ledgerConfig, type RunFacts, regionConfig } from './processes-plan.ts';
import { Region } from './region.ts';
import { openRunClock } from './run-clock.ts';
import { listen } from './servers.ts';

export interface RunOptions {
  readonly plan: AppPlan;
  readonly portBase: number;
  readonly dataDir: string;
  readonly seed: number;
  readonly progress: Progress;
  readonly closers: Closers;
  /** Something changed while running: a subject and what it is now. */
  readonly note: (subject: string, now: string) => void;
  /** A part without which nothing goes on has ended. */
  readonly onFatal: (cause: Error) => void;
}

export interface Run {
  readonly api: string;
  readonly control: string;
  readonly dns: string;
  readonly regions: Readonly<Record<string, string>>;
  readonly issuer: Pick<LocalIssuer, 'token'>;
  readonly route53: Route53;
}

const url = (port: number): string => `http://127.0.0.1:${port}`;

/** Resolves when both Regions serve and DNS answers. @throws StartFailure; whatever was started by then is in `closers` */
export const startRun = async (given: RunOptions): Promise<Run> => {
  const happenings = new Happenings(Date.now);
  const note: RunOptions['note'] = (subject, now) => {
    given.note(subject, now);
    happenings.note(subject, now);
  };
  const options = { ...given, note };
  const { plan, progress, closers } = options;
  const names = plan.regions.map(({ region }) => region);
  const ports = await choosePorts(options.portBase, names);
  const { clock, move } = openRunClock(options.dataDir, Date.now);
  const facts: RunFacts = { plan, ports, dataDir: options.dataDir, seed: options.seed, clock };
  const regions = new Map(names.map((name) => [name, regionOf(options, facts, name)] as const));
  const edgePort = (region: string): number => ports.regions[region]?.edge ?? 0;
  const targets = regionalTargets(plan, edgePort);

  const traffic = new Traffic(names, (target) => targets.get(target)?.region, Date.now);
  const frontDoor = createFrontDoor({
    hostname: plan.hostname,
    names: new NameCache(udpLookup(ports.dns), plan.hostname, clock.nowMs),
    portOf: (target) => targets.get(target)?.port,
    onPassage: (passage) => traffic.note(passage),
  });
  closers.add(() => closeServer(frontDoor));
  await listen(frontDoor, ports.api);

  const processor = await startProcessor({
    port: ports.processor,
    dataDir: options.dataDir,
    machineMs: clock.nowMs,
  });
  closers.add(() => processor.stop());
  const issuer = await startIssuer(
    ports.issuer,
    await openIssuer(options.dataDir, authorizerOf(plan.regions), clock.nowMs),
  );
  closers.add(() => issuer.leave());
  let observer: Observer | undefined;
  let routing: Route53 | undefined;
  const state = (): Promise<ControlState> => observer?.state() ?? Promise.reject(new Error('still starting'));
  const dynamodb = Object.fromEntries(names.map((name) => [name, url(ports.regions[name]?.dynamodb ?? 0)]));
  const queues = [...new Set(plan.regions.flatMap(({ queueSources, queues }) => slugsOf(queueSources, queues)))];
  const app = controlApp({
    port: () => ports.control,
    regions,
    issuer,
    dnsAnswer: (from) => routing?.answer(from),
    state,
    wiring: {
      jurisdiction: plan.jurisdiction,
      dataDir: options.dataDir,
      dynamodb,
      sqs: Object.fromEntries(names.map((name) => [name, url(ports.regions[name]?.sqs ?? 0)])),
      s3: Object.fromEntries(names.map((name) => [name, url(ports.regions[name]?.s3 ?? 0)])),
      archives: Object.fromEntries(
        plan.regions.map(({ region, account }) => [region, archiveBucketName(plan.jurisdiction, region, account)]),
      ),
      ledgerTable: plan.globalTables.find(({ consistency }) => consistency === 'STRONG')?.name ?? '',
      processor: url(ports.processor),
      assembly: plan.assemblyDir,
      healthChecks: plan.healthChecks,
      records: plan.records,
    },
    outbox: () =>
      names.flatMap((region) => readOutbox(join(options.dataDir, region)).map((mail) => ({ region, ...mail }))),
    pages: () =>
      names.flatMap((region) => readPages(join(options.dataDir, region)).map((page) => ({ region, ...page }))),
    injectFault: (fault) => adminPost(ports.ledgerAdmin, '/faults', fault),
    processor,
    queues,
    clock,
    moveClock: async (offsetMs) => {
      move(offsetMs);
      const followers = [...regions.values()].map((region) => region.followClock());
      await Promise.all([adminPost(ports.ledgerAdmin, '/clock', { offsetMs }), ...followers]);
    },
  });
  const poison = async (region: string, queue: string, count: number): Promise<void> =>
    regions.get(region)?.poison(queue, count);
  const seen = { state, traffic, happenings, note };
  closers.add(openControlRoom(app, { plan, queues, api: url(ports.api), issuer, dynamodb, poison, ...seen }));
  const control = createServer(getRequestListener(app.fetch));
  closers.add(() => closeServer(control));
  await listen(control, ports.control);

  await progress.step('starting the ledger', () => startLedger(options, facts));
  await progress.step(`starting ${names.join(' and ')}`, async () => {
    closers.add(() => Promise.all([...regions.values()].map((region) => region.close())));
    await Promise.all([...regions.values()].map((region) => region.start()));
  });
  const sayHealth = (): void => {
    for (const name of names) if (routing !== undefined) note(`health of ${name}`, routing.regionHealth(name).health);
  };
  const sayAnswer = (): void => {
    if (routing !== undefined) note('DNS answer', routing.answer()?.region ?? 'none');
  };
  const route53 = await progress.step('starting DNS and its health checkers', () =>
    startRoute53({
      plan,
      port: ports.dns,
      edgePort,
      // Payers stand in the metro of the owner Region, the first of the plan.
      latencyMs: (region, from = names[0] ?? region) => roundTripMs(from, region),
      seed: options.seed,
      onHealthChange: sayHealth,
      onAnswerChange: sayAnswer,
    }),
  );
  routing = route53;
  sayHealth();
  sayAnswer();
  closers.add(() => route53.stop());
  const watching = new Observer({
    plan,
    regions: [...regions.values()],
    route53,
    askRegion: (region) => adminGet(ports.regions[region]?.admin ?? 0, '/state'),
    askLedger: () => adminGet(ports.ledgerAdmin, '/state'),
    clock,
    note,
  });
  observer = watching;
  closers.add(() => watching.stop());
  return {
    api: url(ports.api),
    control: url(ports.control),
    dns: `127.0.0.1:${route53.port}`,
    regions: Object.fromEntries(names.map((name) => [name, url(edgePort(name))])),
    issuer,
    route53,
  };
};

/** Of the queues that something works. */
const slugsOf = (sources: readonly QueueSourcePlan[], queues: readonly QueuePlan[]): readonly string[] =>
  queues.filter(({ arn }) => sources.some(({ queueArn }) => queueArn === arn)).map(({ slug }) => slug);

const startLedger = async ({ dataDir, closers, onFatal }: RunOptions, facts: RunFacts): Promise<void> => {
  const logFile = join(dataDir, 'logs', 'ledger.log');
  const child = await startChild({
    title: 'the ledger process',
    entry: new URL('../ledger-process.ts', import.meta.url),
    config: ledgerConfig(facts),
    configFile: join(dataDir, 'config', 'ledger.json'),
    logFile,
  });
  let closing = false;
  closers.add(() => {
    closing = true;
    return child.end();
  });
  void child.ended.then((how) => {
    if (!closing) onFatal(new Error(`the ledger process ended by itself (${how}), see ${logFile}`));
  });
};

const regionOf = ({ dataDir, note }: RunOptions, facts: RunFacts, name: string): Region => {
  const regionPlan = facts.plan.regions.find(({ region }) => region === name);
  if (regionPlan === undefined) throw new Error(`the plan has no Region ${name}`);
  note(`network of ${name}`, 'connected');
  return new Region({
    config: regionConfig(facts, regionPlan),
    ledgerAdminPort: facts.ports.ledgerAdmin,
    clockOffsetMs: () => facts.clock.offsetMs,
    spec: {
      title: `Region ${name}`,
      entry: new URL('../region-process.ts', import.meta.url),
      configFile: join(dataDir, 'config', `${name}.json`),
      logFile: join(dataDir, 'logs', `${name}.log`),
    },
    onChange: (region, change, what) => note(`${change} of ${region}`, what),
  });
};
