// Owns what the messages on the queues `settlements`, `notices`, `bill-runs` and `archive` say: only where something is, never what it holds.
// Leaves to the workers to read from the ledger what is to be done.
import { type AccountId, accountId, type Period, period } from '../domain/ids.ts';
import { decodePosition, type FactKey, isStreamId, type Position, type StreamId } from '../domain/keys.ts';
import { SEAL_BUCKETS } from '../domain/seal.ts';

/** A payment's stream that may have something left to do at the processor. */
export interface SettlementMessage {
  readonly accountId: AccountId;
  readonly stream: StreamId;
  /** Found by a sweep, which finds it again for as long as it is open. */
  readonly isSwept?: boolean;
}

export const encodeSettlement = ({ accountId: account, stream, isSwept = false }: SettlementMessage): string =>
  JSON.stringify({ accountId: account, stream, ...(isSwept && { isSwept }) });

/** Undefined for anything that `encodeSettlement` did not make. */
export const decodeSettlement = (body: string): SettlementMessage | undefined => {
  const { accountId: account, stream, isSwept } = fieldsOf(body);
  const id = typeof account === 'string' ? accountId(account) : undefined;
  if (id === undefined || typeof stream !== 'string' || !isStreamId(stream)) return undefined;
  return { accountId: id, stream, ...(isSwept === true && { isSwept }) };
};

/** The ways to a payer, each of which fails for itself. */
export const NOTICE_CHANNELS = ['webhook', 'email'] as const;
export type NoticeChannel = (typeof NOTICE_CHANNELS)[number];

/** A fact that the payer should hear of: on one channel, or on every one that is open. */
export interface NoticeMessage {
  readonly accountId: AccountId;
  readonly key: FactKey;
  /** Names the notice too. */
  readonly position: Position;
  readonly channel?: NoticeChannel;
}

export const encodeNotice = (position: Position, channel?: NoticeChannel): string =>
  JSON.stringify({ position, ...(channel === undefined ? {} : { channel }) });

/** Undefined for anything that `encodeNotice` did not make. */
export const decodeNotice = (body: string): NoticeMessage | undefined => {
  const { position, channel: named } = fieldsOf(body);
  const decoded = typeof position === 'string' ? decodePosition(position) : undefined;
  const channel = NOTICE_CHANNELS.find((one) => one === named);
  if (decoded === undefined || channel !== named) return undefined;
  return { ...decoded, position: position as Position, ...(channel === undefined ? {} : { channel }) };
};

/** An account whose bill of a period is to be issued. */
export interface BillRunMessage {
  readonly accountId: AccountId;
  readonly period: Period;
}

export const encodeBillRun = ({ accountId: account, period: month }: BillRunMessage): string =>
  JSON.stringify({ accountId: account, period: month });

/** Undefined for anything that `encodeBillRun` did not make. */
export const decodeBillRun = (body: string): BillRunMessage | undefined => {
  const { accountId: account, period: month } = fieldsOf(body);
  const id = typeof account === 'string' ? accountId(account) : undefined;
  const parsed = typeof month === 'string' ? period(month) : undefined;
  return id === undefined || parsed === undefined ? undefined : { accountId: id, period: parsed };
};

/** A verified seal whose facts are to be archived. */
export interface ArchiveMessage {
  readonly bucket: number;
  readonly ordinal: number;
}

export const encodeArchive = (bucket: number, ordinal: number): string =>
  JSON.stringify({ kind: 'seal', bucket, ordinal });

/** Undefined for anything that `encodeArchive` did not make. */
export const decodeArchive = (body: string): ArchiveMessage | undefined => {
  const { kind, bucket, ordinal } = fieldsOf(body);
  if (kind !== 'seal' || typeof bucket !== 'number' || typeof ordinal !== 'number') return undefined;
  const isBucket = Number.isInteger(bucket) && bucket >= 0 && bucket < SEAL_BUCKETS;
  return isBucket && Number.isSafeInteger(ordinal) && ordinal >= 1 ? { bucket, ordinal } : undefined;
};

const fieldsOf = (body: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
};
