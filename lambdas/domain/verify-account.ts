// Owns what must hold of one account across its copies: the ledger's items, each Region's view, and the sums a view keeps of them.
// Leaves to lambdas/shared/integrity how they are read, to repair.ts what can be done about a finding.
import type { Fact } from './facts.ts';
import { accountStream, factKey, parseFactKey, type StreamId } from './keys.ts';
import { streamProblem } from './verify-stream.ts';

/** What a store holds under a fact's key, when anything. */
export type Copy =
  | { readonly kind: 'corrupt'; readonly reason: string }
  /** Its checksum, shape and key hold; `body` and `sum` are as they are stored. */
  | { readonly kind: 'sound'; readonly fact: Fact; readonly body: string; readonly sum: string };
export type SoundCopy = Extract<Copy, { readonly kind: 'sound' }>;

/** By fact key. */
export type Copies = ReadonlyMap<string, Copy>;

/** Rows that follow from facts: `<partition> <sort key>` to attribute to amount; a row may have none. */
export type DerivedRows = ReadonlyMap<string, ReadonlyMap<string, bigint>>;

export interface ViewCopies {
  readonly region: string;
  readonly rows: Copies;
  readonly derived: DerivedRows;
  /** Facts from then on may not have come yet, epoch milliseconds; -Infinity for a view that is being rebuilt. */
  readonly coversUntilMs: number;
}

export interface AccountCopies {
  readonly accountId: string;
  /** `region`: through which the ledger was read. */
  readonly ledger: { readonly region: string; readonly items: Copies };
  readonly views: readonly ViewCopies[];
  /** What archives hold of facts of which neither ledger nor views at hand have a sound copy; absent where nobody asked them. */
  readonly archives?: readonly { readonly region: string; readonly items: Copies }[];
}

export type FindingKind = 'missing' | 'corrupt' | 'differs' | 'impossible' | 'derived';

export interface Finding {
  readonly store: 'ledger' | 'view';
  readonly region: string;
  readonly accountId: string;
  /** A fact's, or that of a row which follows from facts. */
  readonly key: string;
  readonly kind: FindingKind;
  readonly problem: string;
}

export interface AccountReport {
  readonly findings: readonly Finding[];
  /** Facts that a view does not have and need not have yet, by view. */
  readonly notYet: number;
}

/** What a view's rows must be, from the facts it holds. */
export type Replay = (facts: readonly Fact[]) => DerivedRows;

export const verifyAccount = (copies: AccountCopies, replay: Replay): AccountReport => {
  const { ledger, views, archives = [] } = copies;
  const stores = [ledger.items, ...views.map(({ rows }) => rows), ...archives.map(({ items }) => items)];
  const keys = [...new Set(stores.flatMap((items) => [...items.keys()]))];
  const places = keys.sort().map((key) => verifyPlace(copies, key));
  return {
    findings: [
      ...places.flatMap(({ findings }) => findings),
      ...verifyStreams(copies, keys),
      ...views.flatMap((view) => verifyDerived(copies, view, replay)),
    ],
    notYet: places.reduce((sum, { notYet }) => sum + notYet, 0),
  };
};

const verifyPlace = (copies: AccountCopies, key: string): AccountReport => {
  const { accountId, ledger, views } = copies;
  const findings: Finding[] = [];
  const held = ledger.items.get(key);
  const inLedger = { store: 'ledger', region: ledger.region, accountId, key } as const;
  if (held === undefined)
    findings.push({
      ...inLedger,
      kind: 'missing',
      problem: `is in ${views.some(({ rows }) => rows.has(key)) ? 'a view' : 'the archive'} and not in the ledger`,
    });
  else if (held.kind === 'corrupt') findings.push({ ...inLedger, kind: 'corrupt', problem: held.reason });
  const known = bestOf(copies, key);
  let notYet = 0;
  for (const { region, rows, coversUntilMs } of views) {
    const row = rows.get(key);
    const inView = { store: 'view', region, accountId, key } as const;
    if (row?.kind === 'corrupt') findings.push({ ...inView, kind: 'corrupt', problem: row.reason });
    if (row === undefined && known !== undefined) {
      if (known.fact.occurredAtMs >= coversUntilMs) notYet += 1;
      else findings.push({ ...inView, kind: 'missing', problem: 'has not come into the view' });
    }
    if (row?.kind === 'sound' && held?.kind === 'sound' && !isSame(row, held))
      findings.push({
        ...inView,
        kind: 'differs',
        problem: 'the view holds another fact than the ledger, and both are sound',
      });
  }
  return { findings, notYet };
};

/** Byte for byte. */
export const isSame = (a: SoundCopy, b: SoundCopy): boolean => a.body === b.body && a.sum === b.sum;

/** The ledger's copy, or a view's where that is not sound, or an archive's. */
const bestOf = ({ ledger, views, archives = [] }: AccountCopies, key: string): SoundCopy | undefined =>
  [ledger.items, ...views.map(({ rows }) => rows), ...archives.map(({ items }) => items)]
    .map((copies) => copies.get(key))
    .find((copy): copy is SoundCopy => copy?.kind === 'sound');

/** Streams of which some fact is known by no copy have findings already, and are not judged. */
const verifyStreams = (copies: AccountCopies, keys: readonly string[]): readonly Finding[] => {
  const { accountId, ledger } = copies;
  const streams = new Map<StreamId, (Fact | undefined)[]>();
  for (const key of keys) {
    const stream = parseFactKey(key)?.stream;
    if (stream !== undefined) streams.set(stream, [...(streams.get(stream) ?? []), bestOf(copies, key)?.fact]);
  }
  const inLedger = { store: 'ledger', region: ledger.region, accountId } as const;
  const findings: Finding[] = [];
  // Differences of nobody's payment stand in a partition that is no account.
  if (!streams.has(accountStream) && [...streams.keys()].some((stream) => /^[bpx]/.test(stream)))
    findings.push({
      ...inLedger,
      key: factKey(accountStream, 0),
      kind: 'impossible',
      problem: 'the account was never opened',
    });
  for (const [stream, facts] of streams) {
    if (!facts.every((fact) => fact !== undefined)) continue;
    const found = streamProblem(stream, facts);
    if (found === undefined) continue;
    const key = factKey(stream, found.ordinal);
    findings.push({ ...inLedger, key, kind: 'impossible', problem: `ordinal ${found.ordinal} ${found.problem}` });
  }
  return findings;
};

/** The facts that the view's rows stand for; undefined when one of them is known by no copy. */
export const factsOfView = (copies: AccountCopies, { rows }: ViewCopies): readonly Fact[] | undefined => {
  const facts: Fact[] = [];
  for (const [key, row] of rows) {
    const copy = row.kind === 'sound' ? row : copies.ledger.items.get(key);
    if (copy?.kind !== 'sound') return undefined;
    facts.push(copy.fact);
  }
  return facts;
};

const verifyDerived = (copies: AccountCopies, view: ViewCopies, replay: Replay): readonly Finding[] => {
  const facts = factsOfView(copies, view);
  if (facts === undefined) return [];
  const expected = replay(facts);
  return wrongRows(view.derived, expected).map((key) => ({
    store: 'view',
    region: view.region,
    accountId: copies.accountId,
    key,
    kind: 'derived',
    problem: `is ${textOf(view.derived.get(key))}, its facts make ${textOf(expected.get(key))}`,
  }));
};

/** The keys of the rows that are not as they must be. */
export const wrongRows = (actual: DerivedRows, expected: DerivedRows): readonly string[] =>
  [...new Set([...actual.keys(), ...expected.keys()])]
    .filter((key) => textOf(actual.get(key)) !== textOf(expected.get(key)))
    .sort();

const textOf = (row: ReadonlyMap<string, bigint> | undefined): string => {
  if (row === undefined) return 'not there';
  const attributes = [...row].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, amount]) => `${name} ${amount}`);
  return attributes.join(', ') || 'there';
};
