// Owns the item of a seal in the ledger: its canonical text compressed, so that thousands of members fit, beside its hash.
// Leaves to domain/seal.ts the text and its checks.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { decodeSeal, encodeSeal, MalformedSeal, type Seal } from '../../domain/seal.ts';
import { CorruptSeal } from '../../ports/seals.ts';
import { chainPartition, sealSortKey } from '../seal-rows.ts';
import type { Item } from './fact-item.ts';

/** A seal of MAX_SEAL_MEMBERS members has well below 1 MB of text: what inflates to more was not written here. */
const MAX_BODY_BYTES = 4_000_000;

export const toSealItem = (seal: Seal): Item => {
  const { body, hash } = encodeSeal(seal);
  return {
    pk: { S: chainPartition(seal.bucket) },
    sk: { S: sealSortKey(seal.ordinal) },
    body: { B: deflateRawSync(body) },
    sum: { S: hash },
  };
};

/** @throws CorruptSeal when checksum, key or form does not hold */
export const fromSealItem = ({ pk, sk, body, sum }: Item): Seal => {
  const bucket = Number(pk?.S?.split('#')[1]);
  const ordinal = Number(sk?.S);
  const corrupt = (reason: string) => new CorruptSeal(bucket, ordinal, reason);
  if (body?.B === undefined || sum?.S === undefined) throw corrupt('attribute body or sum is missing');
  const seal = decoded({ body: inflated(body.B, corrupt), hash: sum.S }, corrupt);
  if (chainPartition(seal.bucket) !== pk?.S || sealSortKey(seal.ordinal) !== sk?.S) {
    throw corrupt(`it says it is seal ${seal.ordinal} of bucket ${seal.bucket}`);
  }
  return seal;
};

const inflated = (bytes: Uint8Array, corrupt: (reason: string) => CorruptSeal): string => {
  try {
    return inflateRawSync(bytes, { maxOutputLength: MAX_BODY_BYTES }).toString('utf8');
  } catch {
    throw corrupt('its body cannot be inflated');
  }
};

const decoded = (encoded: Parameters<typeof decodeSeal>[0], corrupt: (reason: string) => CorruptSeal): Seal => {
  try {
    return decodeSeal(encoded);
  } catch (error) {
    throw error instanceof MalformedSeal ? corrupt(error.message) : error;
  }
};
