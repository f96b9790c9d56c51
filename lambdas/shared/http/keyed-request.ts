// Owns what a request with an `Idempotency-Key` is: the command it names, what was sent, the request in it.
// Leaves to idempotency.ts what a stored fact of the same command means, to the handlers what is decided.
import type * as z from 'zod';
import { type AccountId, type CommandId, commandId } from '../../domain/ids.ts';
import { type Validated, validate } from '../schemas/validation.ts';
import { readJsonBody } from './body.ts';
import { cardNumberErrors } from './card-numbers.ts';
import { type ApiEvent, header } from './event.ts';
import { MAX_FIELD_ERRORS } from './field-path.ts';
import { invalidRequest } from './problem.ts';

export interface KeyedRequest<T> {
  readonly commandId: CommandId;
  /** The parsed body exactly as it was sent. */
  readonly body: unknown;
  /** Not a refusal yet: what was accepted under this command once is answered again, whatever today's rules are. */
  readonly request: Validated<T>;
}

/** Visible ASCII: CONTRACT, idempotency. */
const IDEMPOTENCY_KEY = /^[!-~]{1,255}$/;

/**
 * The command in a request with an `Idempotency-Key`, scoped to account and path.
 * @throws Refusal 400 without a usable key, and as readJsonBody does.
 */
export const readKeyedRequest = <Schema extends z.ZodType>(
  event: ApiEvent,
  scope: { readonly jurisdiction: string; readonly accountId: AccountId; readonly path: string },
  schema: Schema,
): KeyedRequest<z.output<Schema>> => {
  const idempotencyKey = header(event, 'idempotency-key') ?? '';
  if (!IDEMPOTENCY_KEY.test(idempotencyKey)) {
    throw invalidRequest([{ field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }]);
  }
  const body = readJsonBody(event);
  return {
    commandId: commandId({ ...scope, idempotencyKey }),
    body,
    request: validated(schema, { 'Idempotency-Key': withoutIds(idempotencyKey) }, body),
  };
};

/**
 * The key less its words that have letters in them, a decimal fraction included: one random key in some hundreds holds the digits of some card,
 * and a client whose payment is refused for that cannot help it. No key is stored or logged as it is.
 */
const withoutIds = (idempotencyKey: string): string =>
  idempotencyKey.replace(/[0-9A-Za-z.]*[A-Za-z][0-9A-Za-z.]*/g, 'id');

/** `body` against `schema`, and everything the client sent against card numbers: those are named before anything else. */
export const validated = <Schema extends z.ZodType>(
  schema: Schema,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Validated<z.output<Schema>> => {
  const cardNumbers = [...cardNumberErrors(headers), ...cardNumberErrors(body)];
  if (cardNumbers.length > 0) return { kind: 'invalid', errors: cardNumbers.slice(0, MAX_FIELD_ERRORS) };
  return validate(schema, body);
};
