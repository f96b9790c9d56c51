// Owns the functions of a Region, each made of the parts that its handler.ts makes it of, over the ports of one worker.
// Leaves to lambdas/ everything that they do.
import { createArchiveFactsHandler } from '../../lambdas/archive-facts/create-archive-facts-handler.ts';
import { createHealthHandler } from '../../lambdas/health/create-health-handler.ts';
import { createLookupHandler } from '../../lambdas/lookup/create-lookup-handler.ts';
import { Staleness } from '../../lambdas/lookup/staleness.ts';
import { ViewTrust } from '../../lambdas/lookup/view-trust.ts';
import { createOperationsHandler } from '../../lambdas/operations/create-operations-handler.ts';
import { createPaymentsHandler } from '../../lambdas/payments/create-payments-handler.ts';
import type { Budget } from '../../lambdas/ports/request-counter.ts';
import { createProjectFactsHandler } from '../../lambdas/project-facts/create-project-facts-handler.ts';
import { createReadingsHandler } from '../../lambdas/readings/create-readings-handler.ts';
import { createRehydrateViewHandler } from '../../lambdas/rehydrate-view/create-rehydrate-view-handler.ts';
import { createScrubHandler } from '../../lambdas/scrub/create-scrub-handler.ts';
import { createSealWindowsHandler } from '../../lambdas/seal-windows/create-seal-windows-handler.ts';
import { createSendNoticeHandler } from '../../lambdas/send-notice/create-send-notice-handler.ts';
import { createSettlePaymentHandler } from '../../lambdas/settle-payment/create-settle-payment-handler.ts';
import { AccountLimit } from '../../lambdas/shared/account-limit.ts';
import { Accounts } from '../../lambdas/shared/accounts.ts';
import { createBreaker } from '../../lambdas/shared/breaker.ts';
import { guardViews } from '../../lambdas/shared/guarded-views.ts';
import { handingOver } from '../../lambdas/shared/handing-over.ts';
import { viewCoversUntilMs } from '../../lambdas/shared/integrity/view-coverage.ts';
import { fullJitter } from '../../lambdas/shared/pacing.ts';
import { RETRIES } from '../../lambdas/shared/policies.ts';
import { createStoreReadingsHandler } from '../../lambdas/store-readings/create-store-readings-handler.ts';
import { createSweepHandler } from '../../lambdas/sweep/create-sweep-handler.ts';
import type { Ports } from './ports.ts';

/** No client of a run asks for so much: the limit has tests of its own. */
const REQUESTS_PER_ACCOUNT = 100_000;

/** What readers of facts are given: damage that they meet is handed to the scrubber. */
const readers = (ports: Ports) => {
  const scrubber = { suspects: ports.scrubbing, telemetry: ports.telemetry };
  const ledger = handingOver(ports.ledger, scrubber);
  const views = guardViews(handingOver(ports.views, scrubber), ports.clock, ports.telemetry);
  return { ledger, views, accounts: new Accounts(ledger, views) };
};

const limitOf = (ports: Ports, budget: Budget): AccountLimit =>
  new AccountLimit({
    ...ports,
    budget,
    limit: REQUESTS_PER_ACCOUNT,
    counter: ports.requestCounter,
    breaker: createBreaker('counts', ports),
  });

export const FUNCTIONS = {
  payments: (ports: Ports) => createPaymentsHandler({ ...ports, ...readers(ports), limit: limitOf(ports, 'payments') }),
  operations: (ports: Ports) => createOperationsHandler({ ...ports, ...readers(ports), usage: ports }),
  lookup: (ports: Ports) =>
    createLookupHandler({
      ...ports,
      ...readers(ports),
      staleness: new Staleness(ports.region, ports.regionState, ports.clock, ports.telemetry),
      trust: new ViewTrust(ports.rehydrations, ports.clock, ports.telemetry),
      usage: ports,
      limit: limitOf(ports, 'lookups'),
    }),
  readings: (ports: Ports) => createReadingsHandler({ ...ports, ...readers(ports), batches: ports.readings }),
  health: (ports: Ports) => createHealthHandler(ports),
  'project-facts': (ports: Ports) =>
    createProjectFactsHandler({
      ...ports,
      queues: { settlements: ports.settlements, notices: ports.notices },
      suspects: ports.scrubbing,
    }),
  'settle-payment': (ports: Ports) =>
    createSettlePaymentHandler({
      ...ports,
      ...readers(ports),
      openProcessor: async () => ports.processor,
      breakers: {
        ledger: createBreaker('ledger', ports),
        processor: createBreaker('processor', ports),
        secrets: createBreaker('secrets', ports),
      },
      queue: ports.settlements,
    }),
  'send-notice': (ports: Ports) =>
    createSendNoticeHandler({
      ...ports,
      ledgerBreaker: createBreaker('ledger', ports),
      channels: { webhook: { open: async () => ports.notifier, breaker: createBreaker('notices', ports) } },
      queue: ports.notices,
    }),
  'store-readings': (ports: Ports) =>
    createStoreReadingsHandler({ ...ports, breaker: createBreaker('readings', ports), queue: ports.intake }),
  'archive-facts': (ports: Ports) =>
    createArchiveFactsHandler({
      ...ports,
      views: guardViews(ports.views, ports.clock, ports.telemetry),
      breakers: { ledger: createBreaker('ledger', ports), archive: createBreaker('archive', ports) },
      queue: ports.archiveQueue,
    }),
  sweep: (ports: Ports) => createSweepHandler({ ...ports, openWork: ports.views }),
  'seal-windows': (ports: Ports) =>
    createSealWindowsHandler({ ...ports, work: ports.sealWork, lines: ports.views, archive: ports.archiveQueue }),
  'rehydrate-view': (ports: Ports) =>
    createRehydrateViewHandler({ ...ports, pacing: fullJitter(RETRIES.rebuiltPage, ports.random) }),
  scrub: (ports: Ports) => {
    const { region, regionState, rehydrations } = ports;
    const view = {
      region,
      rows: ports.viewCopies,
      derived: ports.derivedCopies,
      store: ports.views,
      coversUntilMs: () => viewCoversUntilMs(region, regionState, rehydrations),
    };
    return createScrubHandler({ ...ports, sources: { ledger: { region, items: ports.ledgerCopies }, views: [view] } });
  },
};

export type FunctionName = keyof typeof FUNCTIONS;
type Handler<Name extends FunctionName> = ReturnType<(typeof FUNCTIONS)[Name]>;
export type EventOf<Name extends FunctionName> = Parameters<Handler<Name>>[0];
export type AnswerOf<Name extends FunctionName> = Awaited<ReturnType<Handler<Name>>>;
