// Owns which rows of a view follow from the facts of one account, whatever store they are in.
// Leaves to view-rows.ts what each fact adds.
import type { Fact } from '../domain/facts.ts';
import type { DerivedRows } from '../domain/verify-account.ts';
import { additionsOf, dayRowOf, openWorkAdditionsOf, openWorkRow, TOTALS_KEY } from './view-rows.ts';

/** No partition key has a space. */
const SEPARATOR = ' ';
export const rowName = (pk: string, sk: string): string => `${pk}${SEPARATOR}${sk}`;
export const rowKey = (name: string): { readonly pk: string; readonly sk: string } => {
  const at = name.indexOf(SEPARATOR);
  return { pk: name.slice(0, at), sk: name.slice(at + 1) };
};

export const totalsOf = (accountId: string): string => rowName(accountId, TOTALS_KEY);

/** `facts`: all of one account. */
export const derivedRows = (facts: readonly Fact[]): DerivedRows => {
  const accountId = facts[0]?.accountId;
  if (accountId === undefined) return new Map();
  const rows = new Map<string, ReadonlyMap<string, bigint>>();
  for (const [sk, amounts] of additionsOf(facts)) rows.set(rowName(accountId, sk), amounts);
  for (const [stream, amounts] of openWorkAdditionsOf(facts)) {
    const { pk, sk } = openWorkRow(accountId, stream);
    rows.set(rowName(pk, sk), amounts);
  }
  for (const fact of facts) {
    const row = dayRowOf(fact);
    if (row !== undefined) rows.set(rowName(row.pk, row.sk), new Map());
  }
  return rows;
};
