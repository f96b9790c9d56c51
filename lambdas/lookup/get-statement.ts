// Owns `GET /v1/accounts/{accountId}/statement`: a page of lines, oldest first, each with the balance after it.
// Leaves to domain/statement.ts what a fact reads like.
import type { Fact } from '../domain/facts.ts';
import { keyOf, parseFactKey } from '../domain/keys.ts';
import { toWire } from '../domain/money.ts';
import { receivableEffect } from '../domain/postings.ts';
import { statementLine } from '../domain/statement.ts';
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
  readonly after?: { readonly atMs: number; readonly key: string };
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
    const last = page.lines.at(-1)?.fact;
    const hasMore = page.hasMore && last !== undefined;
    return {
      body: {
        lines: page.lines.map(({ line }) => line),
        nextCursor: hasMore ? encodeCursor(query.list, [String(last.occurredAtMs), keyOf(last)]) : null,
      },
      newest: last,
    };
  },
};

/** @throws Refusal 400 for a place outside of the list: somebody has changed the cursor */
const placeIn = (
  [at = '', key = '', ...rest]: readonly string[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
) => {
  const atMs = /^\d{1,15}$/.test(at) ? Number(at) : -1;
  if (atMs < fromMs || atMs >= toMs || parseFactKey(key) === undefined || rest.length > 0) throw wrongCursor();
  return { atMs, key };
};

interface Page {
  readonly lines: readonly { readonly fact: Fact; readonly line: object }[];
  readonly hasMore: boolean;
}

/**
 * A page goes on at the very millisecond where the last one ended: what is of that instant and was shown already only moves
 * the balance. A cursor is thus worth the same in every Region, whatever its view holds by then.
 */
const readPage = async (view: AccountView, { fromMs, toMs, limit, after }: StatementQuery): Promise<Page> => {
  const startMs = after?.atMs ?? fromMs;
  let balanceMinor = await view.balanceBefore(startMs);
  const lines: { readonly fact: Fact; readonly line: object }[] = [];
  for await (const fact of view.timeline(startMs, toMs)) {
    const line = statementLine(fact);
    const isShown = after !== undefined && fact.occurredAtMs === after.atMs && keyOf(fact) <= after.key;
    if (line !== undefined && !isShown && lines.length === limit) return { lines, hasMore: true };
    balanceMinor += receivableEffect(fact);
    if (line === undefined || isShown) continue;
    const { occurredAtMs: _, amountMinor, ...told } = line;
    const amounts = { amountMinor: toWire(amountMinor), balanceMinor: toWire(balanceMinor) };
    lines.push({ fact, line: { ...told, occurredAt: instantOf(fact), ...amounts } });
  }
  return { lines, hasMore: false };
};
