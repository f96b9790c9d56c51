// Owns how a fact is written and read back: canonical text, checksum, and the checks without which a text is no fact.
// Leaves to fact-shape.ts which fields each fact has, to the stores where the text is kept.

import { assertNever } from './brand.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { shapeProblem, toFact } from './fact-shape.ts';
import type { Fact } from './facts.ts';
import {
  accountStream,
  adjustmentStream,
  billStream,
  differenceStream,
  paymentStream,
  repairStream,
  type StreamId,
} from './keys.ts';
import { receivableEffect, statedEffect } from './postings.ts';

export interface EncodedFact {
  /** Canonical JSON of the whole fact. */
  readonly body: string;
  /** base64url SHA-256 over `body`. */
  readonly sum: string;
}

export const encodeFact = (fact: Fact): EncodedFact => {
  const body = canonicalJson(fact);
  return { body, sum: sha256(body) };
};

/** A text that is no fact of any known schema version; the message says why. */
export class MalformedFact extends Error {
  override readonly name = 'MalformedFact';
}

/** @throws MalformedFact when checksum, form, schema version, fields or postings do not hold */
export const decodeFact = ({ body, sum }: EncodedFact): Fact => {
  if (sha256(body) !== sum) throw new MalformedFact('its checksum does not match its body');
  const fields = parsed(body);
  const problem = shapeProblem(fields);
  if (problem !== undefined) throw new MalformedFact(problem);
  const fact = toFact(fields);
  if (fact.postings.reduce((total, { amountMinor }) => total + amountMinor, 0n) !== 0n) {
    throw new MalformedFact('its postings do not sum to zero');
  }
  const { stream } = fact;
  if (stream !== streamOf(fact))
    throw new MalformedFact(`a ${fact.type} such as this does not belong to stream ${stream}`);
  if (receivableEffect(fact) !== statedEffect(fact)) {
    throw new MalformedFact('its postings do not have the effect that it states');
  }
  return fact;
};

/** The stream that the fact's own ids name; a reversal belongs wherever the fact it reverses is. */
const streamOf = (fact: Fact): StreamId => {
  switch (fact.type) {
    case 'AccountOpened':
      return accountStream;
    case 'BillIssued':
    case 'BillReissued':
    case 'CreditNoteIssued':
      return billStream(fact.period);
    case 'PaymentAccepted':
    case 'PaymentDeclined':
    case 'PaymentRefunded':
    case 'ChargeStarted':
    case 'PaymentSettled':
    case 'RefundStarted':
    case 'RefundSettled':
    case 'RefundFailed':
      return paymentStream(fact.paymentId);
    case 'DifferenceFound':
      return fact.paymentId === undefined ? differenceStream(fact.commandId) : paymentStream(fact.paymentId);
    case 'FactRepaired':
      return repairStream(fact.commandId);
    case 'AccountAdjusted':
      return adjustmentStream(fact.adjustmentId);
    case 'FactReversed':
      return fact.stream;
    default:
      return assertNever(fact, 'fact');
  }
};

const parsed = (body: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below: a checksum over a text that is no JSON was made by somebody else's writer.
  }
  throw new MalformedFact('its body is no JSON object');
};
