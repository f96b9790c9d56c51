// Owns the list of the drills' reports, asked for now and then: drills run for minutes.
import type { DrillReport } from '../live.ts';
import { byId, fill, make } from './dom.ts';

const EVERY_MS = 30_000;

export const reportsPanel = (): void => {
  const show = async (): Promise<void> => {
    const response = await fetch('/api/drill-reports');
    const { reports } = (await response.json()) as { readonly reports: readonly DrillReport[] };
    fill(byId('reports'), reports, () => (reports.length === 0 ? [none()] : reports.map(entry)));
  };
  // The stream says when the run is gone; the list of then stays.
  const ask = (): void => void show().catch(() => undefined);
  ask();
  setInterval(ask, EVERY_MS);
};

const none = (): HTMLElement => make('li', {}, make('span', {}, 'none yet: ', make('code', {}, 'npm run drills')));

const entry = ({ name, href, atMs }: DrillReport): HTMLElement =>
  make(
    'li',
    {},
    make('a', { href }, name),
    make('time', { class: 'quiet', datetime: new Date(atMs).toISOString() }, new Date(atMs).toISOString().slice(0, 16)),
  );
