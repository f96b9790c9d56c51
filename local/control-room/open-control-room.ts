// Owns how the control room is set up in a run: what it takes from the plan, and that it is among the routes of the control API.
// Leaves to control-room.ts what it does.
import { fileURLToPath } from 'node:url';
import type { Hono } from 'hono';
import { tableName } from '../../lambdas/shared/names.ts';
import type { AppPlan } from '../assembly/plan.ts';
import { ControlRoom, type ControlRoomOptions } from './control-room.ts';
import { DrillReports } from './drill-reports.ts';
import { PageAssets } from './page-assets.ts';
import { addControlRoomRoutes } from './routes.ts';

/** Where the drills leave their reports. */
const REPORTS = fileURLToPath(new URL('../../drill-reports', import.meta.url));

type FromTheRun = 'api' | 'issuer' | 'state' | 'traffic' | 'happenings' | 'dynamodb' | 'poison' | 'note';

export interface ControlRoomPlace extends Pick<ControlRoomOptions, FromTheRun> {
  readonly plan: AppPlan;
  /** Slugs of the queues that something works. */
  readonly queues: readonly string[];
}

/** Gives back what closes it. */
export const openControlRoom = (
  app: Hono,
  { plan, queues, ...fromTheRun }: ControlRoomPlace,
): (() => Promise<void>) => {
  const [first = '', ...others] = plan.regions.map(({ region }) => region);
  const ledger = plan.globalTables.find(({ consistency }) => consistency === 'STRONG');
  const room = new ControlRoom({
    ...fromTheRun,
    jurisdiction: plan.jurisdiction,
    hostname: plan.hostname,
    regions: [first, ...others],
    witness: ledger?.witness ?? '',
    tables: { ledger: ledger?.name ?? '', view: tableName(plan.jurisdiction, 'views') },
    nowMs: Date.now,
    random: Math.random,
  });
  const page = new PageAssets();
  addControlRoomRoutes(app, { room, regions: [first, ...others], queues, page, reports: new DrillReports(REPORTS) });
  return () => room.close();
};
