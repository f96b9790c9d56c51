// Owns the text of shard ids, sequence numbers and shard iterators.
// Leaves to streams-api.ts what they point at.
import { AwsRefusal, validation } from '../protocol.ts';
import { SHARD_COUNT } from './stream-shards.ts';

/** DynamoDB's iterators live for 15 minutes. */
const ITERATOR_LIFE_MS = 15 * 60 * 1000;

export const shardId = (shard: number): string => `shardId-0000000000000000000${shard}-baseload`;

/** @throws AwsRefusal for a shard that no stream has */
export const shardOf = (id: unknown): number => {
  const shard = Number(/^shardId-0{19}(\d)-baseload$/.exec(String(id))?.[1] ?? Number.NaN);
  if (!(shard < SHARD_COUNT)) {
    throw new AwsRefusal(
      400,
      'ResourceNotFoundException',
      `Requested resource not found: Shard does not exist: ${String(id)}`,
    );
  }
  return shard;
};

/** 21 digits, as DynamoDB's shortest; numbers of one replica grow, those of two replicas have nothing to do with each other. */
export const sequenceNumber = (position: number): string => `1${String(position).padStart(20, '0')}`;

export const positionOf = (sequence: unknown): number => {
  const digits = /^1(\d{20})$/.exec(String(sequence))?.[1];
  if (digits === undefined) throw validation(`Invalid SequenceNumber: ${String(sequence)}`);
  return Number(digits);
};

export interface ShardIterator {
  readonly streamArn: string;
  readonly shard: number;
  /** Records behind this position come next. */
  readonly position: number;
  readonly madeAtMs: number;
}

export const iteratorText = (iterator: ShardIterator): string =>
  `${iterator.streamArn}|1|${Buffer.from(JSON.stringify(iterator)).toString('base64')}`;

/** The stream an iterator belongs to; undefined when it is not readable. */
export const streamArnOfIterator = (text: unknown): string | undefined => {
  const [arn = '', , encoded] = String(text).split('|');
  return encoded === undefined ? undefined : arn;
};

/** @throws AwsRefusal when it is not one of ours, or older than 15 minutes */
export const parseIterator = (text: unknown, nowMs: number): ShardIterator => {
  let iterator: ShardIterator;
  try {
    iterator = JSON.parse(Buffer.from(String(text).split('|')[2] ?? '', 'base64').toString('utf8')) as ShardIterator;
  } catch {
    throw validation('Invalid ShardIterator');
  }
  if (nowMs - iterator.madeAtMs > ITERATOR_LIFE_MS) {
    throw new AwsRefusal(400, 'ExpiredIteratorException', 'The shard iterator has expired and can no longer be used.');
  }
  return iterator;
};
