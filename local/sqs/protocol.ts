// Owns the words of SQS's JSON protocol: refusals, checks of what a request holds, digests.
// Leaves to actions.ts what an operation does.
// Source: SQS API reference, and the model of @aws-sdk/client-sqs for the names of exceptions.
import { createHash } from 'node:crypto';
import { answer, type Reply } from '../dynamodb/protocol.ts';

export type Body = Readonly<Record<string, unknown>>;

/** A refusal as SQS words it. */
export class SqsRefusal extends Error {
  override readonly name = 'SqsRefusal';
  constructor(
    /** Shape name without its namespace. */
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

export const refused = ({ type, message }: SqsRefusal): Reply =>
  answer({ __type: `com.amazonaws.sqs#${type}`, message }, 400);

/** Of a message's text: the SDK compares it with what it sent. */
export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export const textOf = (body: Body, name: string): string => {
  const value = body[name];
  if (typeof value !== 'string')
    throw new SqsRefusal('MissingRequiredParameterException', `The request must contain the parameter ${name}.`);
  return value;
};

/** The whole number under `name`, or undefined when there is none. @throws SqsRefusal outside of the bounds */
export const numberOf = (body: Body, name: string, least: number, most: number): number | undefined => {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (!Number.isInteger(value) || Number(value) < least || Number(value) > most) {
    throw invalid(
      `Value ${String(value)} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`,
    );
  }
  return Number(value);
};

export const listOf = (body: Body, name: string): readonly Body[] => {
  const value = body[name];
  return Array.isArray(value) ? (value as readonly Body[]) : [];
};

export const invalid = (message: string): SqsRefusal => new SqsRefusal('InvalidParameterValueException', message);

/** What this machine does not imitate is an error, never a silent difference from AWS. */
export const notEmulated = (what: string): SqsRefusal =>
  new SqsRefusal('UnsupportedOperation', `not emulated locally: ${what}`);
