// Owns `reconcile`: shows where the processor's report and the ledger differ, and has a day compared now.
// Leaves to the function `reconcile` the comparing, which it does every day by itself.
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Command, InvalidArgumentError } from 'commander';
import { Dynamo } from '../../lambdas/adapters/dynamo/client.ts';
import { DynamoDayIndex } from '../../lambdas/adapters/dynamo/day-index.ts';
import { DynamoViewStore } from '../../lambdas/adapters/dynamo/view-store.ts';
import type { DifferenceFound } from '../../lambdas/domain/facts.ts';
import { type IsoDate, isoDate } from '../../lambdas/domain/ids.ts';
import { toWire } from '../../lambdas/domain/money.ts';
import { windowOf } from '../../lambdas/domain/reconcile.ts';
import { functionName, LIVE_ALIAS, tableName } from '../../lambdas/shared/names.ts';
import { askRun } from '../control-api.ts';
import { oneLine, Refused, UsageError } from '../failures.ts';
import type { Surroundings } from '../surroundings.ts';
import { openTarget, regionsOf, type Target, type TargetOptions } from '../target.ts';

interface ReconcileOptions extends TargetOptions {
  readonly date?: IsoDate;
  readonly region?: string;
  readonly run?: true;
  readonly json?: true;
}

const DAY_MS = 86_400_000;
/** Shown when no day is named, today included: what stays open belongs to the day it was started on. */
const DAYS_SHOWN = 8;
const PAGE = 100;
/** The function's own time, and a little for the way. */
const RUN_PATIENCE_MS = 620_000;

export const addReconcile = (program: Command, around: Surroundings): void => {
  program
    .command('reconcile')
    .description("show where the processor's report and the ledger differ")
    .option('--date <day>', 'one UTC day, YYYY-MM-DD (default: the last week)', dayFrom)
    .option('--region <region>', 'whose view is asked, or who compares (default: the first that answers)')
    .option('--run', 'have the day compared first, also when it has been before; the day is needed')
    .option('--json', 'one JSON object a line')
    .action((_own: unknown, command: Command) => reconcile(command.optsWithGlobals<ReconcileOptions>(), around));
};

const dayFrom = (given: string): IsoDate => {
  const day = isoDate(given);
  if (day === undefined) throw new InvalidArgumentError('It is a day like 2026-10-15.');
  return day;
};

const reconcile = async (options: ReconcileOptions, { terminal, nowMs }: Surroundings): Promise<void> => {
  if (options.run === true && options.date === undefined) throw new UsageError('--run needs the day: add --date');
  const target = await openTarget(options);
  const regions = regionsOf(target, options.region);
  if (options.run === true && options.date !== undefined) {
    const { date } = options;
    await firstThatAnswers(regions, (region) => compare(target, region, date));
    terminal.note(`${date} is compared; the view shows what was found within seconds`);
  }
  const days = options.date === undefined ? lastDays(nowMs()) : [options.date];
  const found = await firstThatAnswers(regions, (region) => differencesIn(target, region, days));
  if (options.json === true) for (const fact of found) terminal.print(JSON.stringify(plain(fact)));
  else for (const line of table(found, days)) terminal.print(line);
};

/** Both Regions' views hold the same differences: one that is down keeps nobody from seeing them. */
const firstThatAnswers = async <T>(regions: readonly string[], ask: (region: string) => Promise<T>): Promise<T> => {
  const failures: string[] = [];
  for (const region of regions) {
    try {
      return await ask(region);
    } catch (cause) {
      failures.push(`${region}: ${oneLine(cause)}`);
    }
  }
  throw new Refused(failures.join('; '));
};

const lastDays = (nowMs: number): readonly IsoDate[] =>
  Array.from({ length: DAYS_SHOWN }, (_, index) => windowOf(nowMs - (DAYS_SHOWN - 1 - index) * DAY_MS));

const differencesIn = async (
  target: Target,
  region: string,
  days: readonly IsoDate[],
): Promise<readonly DifferenceFound[]> => {
  const { endpoint, credentials } = target.clientSettings('dynamodb', region);
  const dynamo = new Dynamo({ region, ...(endpoint && { endpoint }), ...(credentials && { credentials }) });
  const name = tableName(target.jurisdiction, 'views');
  const index = new DynamoDayIndex(dynamo, name);
  const views = new DynamoViewStore(dynamo, name);
  const found: DifferenceFound[] = [];
  try {
    for (const day of days) {
      let next: { readonly cursor?: string } | undefined = {};
      while (next !== undefined) {
        const page: Awaited<ReturnType<DynamoDayIndex['differences']>> = await index.differences(day, {
          limit: PAGE,
          ...next,
        });
        for (const { accountId, key } of page.places) {
          const fact = await views.fact(accountId, key);
          if (fact?.type === 'DifferenceFound') found.push(fact);
        }
        next = page.cursor === undefined ? undefined : { cursor: page.cursor };
      }
    }
    return found;
  } finally {
    dynamo.destroy();
  }
};

const compare = async (target: Target, region: string, date: IsoDate): Promise<void> => {
  const name = functionName(target.jurisdiction, 'reconcile');
  return target.control === undefined
    ? compareInAws(name, region, date)
    : compareHere(target.control, name, region, date);
};

const compareHere = async (control: string, name: string, region: string, date: IsoDate): Promise<void> => {
  await askRun(control, `/api/schedules/${name}/run?region=${region}`, {
    order: { date },
    patienceMs: RUN_PATIENCE_MS,
  });
};

/** @throws Refused when the function fails, or has come as far as one run goes */
const compareInAws = async (name: string, region: string, date: IsoDate): Promise<void> => {
  const client = new LambdaClient({ region, maxAttempts: 1, requestHandler: { requestTimeout: RUN_PATIENCE_MS } });
  try {
    const Payload = Buffer.from(JSON.stringify({ date }));
    const answer = await client.send(new InvokeCommand({ FunctionName: `${name}:${LIVE_ALIAS}`, Payload }));
    const text = Buffer.from(answer.Payload ?? []).toString();
    if (answer.FunctionError !== undefined) throw new Refused(text);
    const { isFinished } = JSON.parse(text) as { readonly isFinished: boolean };
    if (!isFinished) throw new Refused(`${date} is more than one run can compare: the same command again goes on`);
  } finally {
    client.destroy();
  }
};

const plain = ({ kind, window, reference, accountId, currency, region, ...fact }: DifferenceFound): object => ({
  window,
  kind,
  reference,
  accountId,
  paymentId: fact.paymentId,
  currency,
  ledgerMinor: fact.ledgerMinor && toWire(fact.ledgerMinor),
  processorMinor: fact.processorMinor && toWire(fact.processorMinor),
  foundAt: new Date(fact.occurredAtMs).toISOString(),
  foundIn: region,
});

const HEAD = ['day', 'difference', 'reference', 'ledger', 'processor', '', 'account', 'payment'];

const table = (found: readonly DifferenceFound[], days: readonly IsoDate[]): readonly string[] => {
  const span = [...new Set([days[0], days.at(-1)])].join(' to ');
  if (found.length === 0) return [`no differences, ${span}`];
  const rows = found.map((fact) => [
    fact.window,
    fact.kind,
    fact.reference,
    String(fact.ledgerMinor ?? '-'),
    String(fact.processorMinor ?? '-'),
    fact.currency,
    fact.paymentId === undefined ? '-' : fact.accountId,
    fact.paymentId ?? '-',
  ]);
  const widths = HEAD.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [HEAD, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};
