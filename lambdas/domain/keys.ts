// Owns the keys of the ledger and the opaque positions made of them.
// Leaves to the adapters the names of the table's attributes.
import type { Brand } from './brand.ts';
import type { Fact } from './facts.ts';
import { type AccountId, type AdjustmentId, accountId, type CommandId, type PaymentId, type Period } from './ids.ts';

/**
 * The facts that can contradict each other:
 * `a` (the account's opening), `b#<period>`, `p#<paymentId>`, `x#<adjustmentId>`,
 * `d#<commandId>` for what the processor says of a payment that the ledger does not hold,
 * `r#<commandId>` for the repair of one damage.
 */
export type StreamId = Brand<string, 'StreamId'>;

/** `<stream>#<ordinal, three digits>`: the sort key of a fact in the ledger and of its copy in a view. */
export type FactKey = Brand<string, 'FactKey'>;

/** Where a fact is: opaque to clients, at most 512 characters, encodes account and fact key. */
export type Position = Brand<string, 'Position'>;

/** The highest ordinal of a stream; what would come after it is refused. */
export const MAX_ORDINAL = 999;

export const accountStream = 'a' as StreamId;
export const billStream = (period: Period): StreamId => `b#${period}` as StreamId;
export const paymentStream = (paymentId: PaymentId): StreamId => `p#${paymentId}` as StreamId;
export const differenceStream = (command: CommandId): StreamId => `d#${command}` as StreamId;
export const repairStream = (command: CommandId): StreamId => `r#${command}` as StreamId;
export const adjustmentStream = (adjustmentId: AdjustmentId): StreamId => `x#${adjustmentId}` as StreamId;

/** @throws RangeError unless 0 <= ordinal <= MAX_ORDINAL */
export const factKey = (stream: StreamId, ordinal: number): FactKey => {
  if (!Number.isInteger(ordinal) || ordinal < 0 || ordinal > MAX_ORDINAL) {
    throw new RangeError(`an ordinal is 0 to ${MAX_ORDINAL}, got ${ordinal}`);
  }
  return `${stream}#${String(ordinal).padStart(3, '0')}` as FactKey;
};

export const keyOf = (fact: Pick<Fact, 'stream' | 'ordinal'>): FactKey => factKey(fact.stream, fact.ordinal);

const STREAM = 'a|b#\\d{4}-(?:0[1-9]|1[0-2])|p#pay_[a-z2-7]{52}|x#adj_[a-z2-7]{52}|[dr]#[a-z2-7]{52}';
const STREAM_PATTERN = new RegExp(`^(?:${STREAM})$`);
const FACT_KEY_PATTERN = new RegExp(`^(${STREAM})#(\\d{3})$`);

export const isStreamId = (text: string): text is StreamId => STREAM_PATTERN.test(text);

/** The stream and ordinal of a fact key; undefined for anything else. */
export const parseFactKey = (text: string): { readonly stream: StreamId; readonly ordinal: number } | undefined => {
  const [, stream, ordinal] = FACT_KEY_PATTERN.exec(text) ?? [];
  return stream === undefined ? undefined : { stream: stream as StreamId, ordinal: Number(ordinal) };
};

const POSITION_VERSION = '1';
const MAX_POSITION_LENGTH = 512;

export const encodePosition = (account: AccountId, key: FactKey): Position =>
  Buffer.from(`${POSITION_VERSION}|${account}|${key}`).toString('base64url') as Position;

/** Undefined for anything that `encodePosition` did not make. */
export const decodePosition = (text: string): { readonly accountId: AccountId; readonly key: FactKey } | undefined => {
  if (text.length > MAX_POSITION_LENGTH) return undefined;
  const [version, account = '', key = '', ...rest] = Buffer.from(text, 'base64url').toString().split('|');
  const id = accountId(account);
  if (version !== POSITION_VERSION || rest.length > 0 || id === undefined || !parseFactKey(key)) return undefined;
  return encodePosition(id, key as FactKey) === text ? { accountId: id, key: key as FactKey } : undefined;
};
