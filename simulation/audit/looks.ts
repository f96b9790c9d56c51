// Owns what must hold of a lookup’s answer: what was asked for is in it once, and it is no older than it says.
// Leaves to auditor.ts the balances in the end.
import type { LookRecord } from '../clients/journal.ts';
import type { Report } from './invariants.ts';
import { booked, type Committed, positionOf, type RawFact } from './raw-fact.ts';

export interface LooksContext {
  readonly committed: readonly Committed[];
  /** Facts of which a copy was harmed, `<account>|<key>`: a view that has lost a line does not know it until it is scrubbed. */
  readonly harmed: ReadonlySet<string>;
  readonly report: Report;
}

/** Clocks of two Regions and the wait of a request: what is younger may be missing. */
const SLACK_MS = 10_000;

interface Line {
  readonly position: string;
}

interface Bill extends Line {
  readonly billId: string;
  readonly status: string;
  readonly totalMinor: number;
}

interface List {
  readonly lines: (body: Record<string, readonly Line[]>) => readonly Line[];
  readonly shows: (fact: RawFact) => boolean;
}

/** Answers that show every fact of some kind. */
const LISTS: Readonly<Record<string, List>> = {
  statement: { lines: ({ lines = [] }) => lines, shows: (fact) => booked([fact], 'receivable') !== 0 },
  bills: { lines: ({ bills = [] }) => bills, shows: ({ type }) => type === 'BillIssued' || type === 'BillReissued' },
};

/** `bills`: newest first. */
const checkStatuses = (name: string, bills: readonly Bill[], report: Report): void => {
  const asking = bills.filter(({ status, totalMinor }) => status !== 'credited' && totalMinor > 0);
  const newestPaid = asking.findIndex(({ status }) => status === 'paid');
  const open = newestPaid < 0 ? undefined : asking.slice(newestPaid).find(({ status }) => status === 'open');
  if (open !== undefined)
    report('an answer is of one moment', `${name} has ${open.billId} open and ${asking[newestPaid]?.billId} paid`);
};

export const checkLook = ({ committed, harmed, report }: LooksContext, look: LookRecord): void => {
  const { account, region, what, answer, after, of } = look;
  const name = `${what} of ${account} in ${region}`;
  const isRefused = answer.status === 400 || answer.status === 404;
  if (isRefused) report('acknowledged is visible', `${name} was answered ${answer.status} ${answer.text}`);
  if (answer.status === 500 && harmed.size === 0) report('nothing unforeseen', `${name} was answered ${answer.text}`);
  if (answer.status !== 200) return;
  const granted = of?.granted;
  if (granted !== undefined && answer.body.amountMinor !== granted.body.amountMinor)
    report(
      'damage is not served',
      `${name} says ${answer.body.amountMinor}, ${granted.body.amountMinor} was acknowledged`,
    );
  const shown = LISTS[what];
  if (shown === undefined || answer.body.nextCursor !== null) return;
  const lines = shown.lines(answer.body).map(({ position }) => position);
  if (new Set(lines).size < lines.length) report('acknowledged is visible', `${name} shows a fact twice`);
  if (what === 'bills') checkStatuses(name, answer.body.bills, report);
  const mustShow = committed.filter(({ fact }) => fact.accountId === account && shown.shows(fact));
  const asked = mustShow.filter((one) => after.includes(positionOf(one)));
  for (const one of asked)
    if (!lines.includes(positionOf(one)))
      report('acknowledged is visible', `${name} lacks ${one.key}, which was asked for`);
  const stalenessMs = Number(answer.headers['Baseload-Staleness-Ms'] ?? Number.POSITIVE_INFINITY);
  const covered = mustShow.filter(({ committedMs }) => committedMs < look.sentRegionMs - stalenessMs - SLACK_MS);
  for (const one of covered)
    if (!harmed.has(`${account}|${one.key}`) && !lines.includes(positionOf(one)))
      report('staleness is honest', `${name} says it is ${stalenessMs} ms old and lacks ${one.key}`);
};
