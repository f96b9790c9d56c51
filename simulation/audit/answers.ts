// Owns what must hold of an answer to a command at the moment a client hears it.
// Leaves to looks.ts answers to lookups, to books.ts what must hold in the end.
import type { Answer, Attempt, CommandRecord } from '../clients/journal.ts';
import type { Report } from './invariants.ts';
import { type Committed, positionOf } from './raw-fact.ts';

export interface AnswersContext {
  readonly committed: readonly Committed[];
  /** Facts of which a copy was harmed: only then may an error that nobody else explains be told. */
  readonly harmed: ReadonlySet<string>;
  readonly report: Report;
}

/** Kinds of commands that a rule may refuse. */
const MAY_CONFLICT: ReadonlySet<string> = new Set(['refund', 'reverse', 'bill']);
const MAKE_FACTS: ReadonlySet<string> = new Set(['open', 'pay', 'refund', 'reverse', 'adjust', 'bill']);

export const checkAnswer = (context: AnswersContext, record: CommandRecord, attempt: Attempt): void => {
  const { answer } = attempt;
  if (answer === undefined || answer === 'silence') return;
  if (answer.status < 300) checkGrant(context, record, attempt, answer);
  else checkRefusal(context, record, attempt, answer);
};

const checkGrant = (context: AnswersContext, record: CommandRecord, attempt: Attempt, answer: Answer): void => {
  const { committed, report } = context;
  const { id, command } = record.step;
  if (!MAKE_FACTS.has(command.kind)) return;
  for (const other of record.attempts) {
    if (other === attempt || typeof other.answer !== 'object' || other.answer.status >= 300) continue;
    if (other.otherAmountMinor !== attempt.otherAmountMinor)
      report('one body a key', `${id} was granted with two bodies`);
    else if (other.answer.text !== answer.text)
      report('same key, same answer', `${id} was answered ${other.answer.text} and ${answer.text}`);
  }
  const stored = committed.find((one) => positionOf(one) === answer.body.position);
  if (stored === undefined) {
    report('acknowledged is stored', `${id} was acknowledged and is not in the ledger`);
    return;
  }
  const asked = attempt.otherAmountMinor ?? ('amountMinor' in command ? command.amountMinor : undefined);
  const { amountMinor = stored.fact.totalMinor } = stored.fact;
  if (asked !== undefined && amountMinor !== asked)
    report('acknowledged is stored', `${id} asked for ${asked}, the ledger holds ${amountMinor}`);
  if (asked !== undefined && (answer.body.amountMinor ?? answer.body.totalMinor) !== asked)
    report('damage is not served', `${id} asked for ${asked}, the answer says ${answer.text}`);
};

const checkRefusal = (
  context: AnswersContext,
  record: CommandRecord,
  attempt: Attempt,
  { status, body, text }: Answer,
): void => {
  const { report } = context;
  const { id, command } = record.step;
  const isOther = record.attempts.some(({ otherAmountMinor }) => otherAmountMinor !== undefined);
  const isFounded =
    status === 503 ||
    (status === 500 && context.harmed.size > 0) ||
    (status === 422 && isOther) ||
    (status === 409 && MAY_CONFLICT.has(command.kind));
  // A client asks only for what was acknowledged to it.
  if (status === 404) report('acknowledged is visible', `${id} was told ${body?.type}`);
  else if (!isFounded) report('nothing unforeseen', `${id} in ${attempt.region} was answered ${status} ${text}`);
  else if (body?.type === 'not-attempted') checkNotAttempted(context, record);
};

const checkNotAttempted = ({ committed, report }: AnswersContext, record: CommandRecord): void => {
  const all = record.attempts.every(
    ({ answer }) => typeof answer === 'object' && (answer.body?.type === 'not-attempted' || answer.status === 422),
  );
  if (all && factsOf(committed, record).length > 0)
    report('not attempted is not written', `${record.step.id} is in the ledger, and every answer said not-attempted`);
};

/** Amounts and reasons are never the same twice: that tells whose a fact is. */
export const factsOf = (committed: readonly Committed[], { step, attempts }: CommandRecord): readonly Committed[] => {
  const { id, command } = step;
  switch (command.kind) {
    case 'open':
      return committed.filter(({ fact }) => fact.type === 'AccountOpened' && fact.accountId === command.account);
    case 'pay': {
      const amounts = new Set([command.amountMinor, ...attempts.map(({ otherAmountMinor }) => otherAmountMinor)]);
      return committed.filter(({ fact }) => fact.type === 'PaymentAccepted' && amounts.has(fact.amountMinor));
    }
    case 'bill':
      return committed.filter(({ fact }) => fact.lines?.[0]?.description === id);
    case 'refund':
    case 'reverse':
    case 'adjust':
      return committed.filter(({ fact }) => fact.reason === id);
    case 'contact':
    case 'readings':
      return [];
  }
};
