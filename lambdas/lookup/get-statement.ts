// Owns `GET /v1/accounts/{accountId}/statement`: a page of lines, oldest first, each with the balance after it.
// Leaves to domain/statement.ts what a fact reads like.
import type { Fact } from '../domain/facts.ts';
import { keyOf, parseFactKey } from '../domain/keys.ts';
import { toWire } from '../domain/money.ts';
import { statementLines } from '../domain/statement.ts';
import { instantOf } from '../shared/fact-answers.ts';
import { pathParameter } from '../shared/http/event.ts';
import { DEFAULT_STATEMENT_LINES, statementQuery } from '../shared/schemas/queries.ts';
import type { AccountRoute } from './account-route.ts';
import { type AccountView, END_OF_TIME_MS, LAST_INSTANT_MS } from './account-view.ts';
import { decodeCursor, encodeCursor, readQuery, wrongCursor } from './read-query.ts';

interface StatementQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
  /** Everything a cursor is bound to. */
  readonly list: readonly string[];
  /** Where the page before ended. */
  readonly after?: Place;
}

interface Place {
  readonly atMs: number;
  readonly key: string;
  /** Which line of the fact, from 0. */
  readonly line: number;
}

const instant = (text: string | undefined, otherwiseMs: number): number =>
  text === undefined ? otherwiseMs : Math.min(Math.max(0, Date.parse(text)), LAST_INSTANT_MS);

export const getStatement: AccountRoute<StatementQuery> = {
  query: (event) => {
    const { from, to, limit, cursor } = readQuery(event, statementQuery);
    const fromMs = instant(from, 0);
    const toMs = instant(to, END_OF_TIME_MS);
    const list = ['statement', pathParameter(event, 'accountId'), String(fromMs), String(toMs)];
    const query = { fromMs, toMs, list, limit: limit === undefined ? DEFAULT_STATEMENT_LINES : Number(limit) };
    if (cursor === undefined) return query;
    return { ...query, after: placeIn(decodeCursor(cursor, list), query) };
  },
  read: async (view, query) => {
    const page = await readPage(view, query);
    const last = page.lines.at(-1);
    const hasMore = page.hasMore && last !== undefined;
    return {
      body: {
        lines: page.lines.map(({ line }) => line),
        nextCursor: hasMore ? encodeCursor(query.list, placeAfter(last)) : null,
      },
      newest: last?.fact,
    };
  },
};

/** @throws Refusal 400 for a place outside of the list: somebody has changed the cursor */
const placeIn = (
  [at = '', key = '', index = '0', ...rest]: readonly string[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Place => {
  const atMs = /^\d{1,15}$/.test(at) ? Number(at) : -1;
  const isLine = /^[01]$/.test(index);
  if (atMs < fromMs || atMs >= toMs || parseFactKey(key) === undefined || !isLine || rest.length > 0) {
    throw wrongCursor();
  }
  return { atMs, key, line: Number(index) };
};

interface ShownLine {
  readonly fact: Fact;
  readonly index: number;
  readonly line: object;
}

interface Page {
  readonly lines: readonly ShownLine[];
  readonly hasMore: boolean;
}

const placeAfter = ({ fact, index }: ShownLine): readonly string[] => [
  String(fact.occurredAtMs),
  keyOf(fact),
  ...(index === 0 ? [] : [String(index)]),
];

const isUpTo = (fact: Fact, index: number, place: Place): boolean => {
  if (fact.occurredAtMs !== place.atMs) return false;
  const key: string = keyOf(fact);
  return key < place.key || (key === place.key && index <= place.line);
};

/**
 * A page goes on at the very millisecond where the last one ended: what is of that instant and was shown already only moves
 * the balance. A cursor is thus worth the same in every Region, whatever its view holds by then.
 */
const readPage = async (view: AccountView, { fromMs, toMs, limit, after }: StatementQuery): Promise<Page> => {
  const startMs = after?.atMs ?? fromMs;
  let balanceMinor = await view.balanceBefore(startMs);
  const lines: ShownLine[] = [];
  for await (const fact of view.timeline(startMs, toMs)) {
    for (const [index, { occurredAtMs: _, amountMinor, ...told }] of statementLines(fact).entries()) {
      const isShown = after !== undefined && isUpTo(fact, index, after);
      if (!isShown && lines.length === limit) return { lines, hasMore: true };
      balanceMinor += amountMinor;
      if (isShown) continue;
      const amounts = { amountMinor: toWire(amountMinor), balanceMinor: toWire(balanceMinor) };
      lines.push({ fact, index, line: { ...told, occurredAt: instantOf(fact), ...amounts } });
    }
  }
  return { lines, hasMore: false };
};
