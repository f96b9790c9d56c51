// Owns the life of the page: what is made when the run answers, shown every second, and said when it does not answer any more.
// Leaves each panel to its own file.
import type { Live, Opening } from '../live.ts';
import { alarmsPanel } from './alarms-panel.ts';
import { charts } from './charts.ts';
import { counters } from './counters.ts';
import { byId, mark, say } from './dom.ts';
import { experiments } from './experiments.ts';
import { flows } from './flows.ts';
import { ledgerMembers } from './ledger-members.ts';
import { logPanel } from './log-panel.ts';
import { payersCard } from './payers-card.ts';
import { queuesPanel } from './queues-panel.ts';
import { regionCard } from './region-card.ts';
import { reportsPanel } from './reports-panel.ts';
import { verdict } from './words.ts';

const showVerdict = (live: Live): void => {
  const { words, mood } = verdict(live);
  say(byId('verdict'), words);
  mark(byId('verdict'), 'data-mood', mood);
};

const open = (opening: Opening): ((live: Live) => void) => {
  say(byId('place'), `jurisdiction ${opening.jurisdiction}, ${opening.regions.join(' and ')}, on this machine`);
  const panels = [
    showVerdict,
    counters(),
    payersCard(opening),
    flows(opening),
    ...opening.regions.map((region) => regionCard(opening, region)),
    ledgerMembers(opening),
    charts(opening),
    experiments(opening),
    alarmsPanel,
    queuesPanel(opening),
    logPanel,
  ];
  reportsPanel();
  return (live) => {
    for (const show of panels) show(live);
  };
};

let show: ((live: Live) => void) | undefined;
const stream = new EventSource('/api/live');
stream.addEventListener('opening', (event: MessageEvent<string>) => {
  // After a lost connection the page goes on with what it has.
  show ??= open(JSON.parse(event.data) as Opening);
  say(byId('connection'), '● live, every second');
});
stream.addEventListener('live', (event: MessageEvent<string>) => show?.(JSON.parse(event.data) as Live));
stream.addEventListener('error', () =>
  say(byId('connection'), '○ no answer: what is shown is old. Is npm start running?'),
);
