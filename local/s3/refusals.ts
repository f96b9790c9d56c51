// Owns S3's refusals and the XML that it speaks.
// Leaves to endpoint.ts when something is refused.
import { XMLBuilder } from 'fast-xml-parser';
import type { Reply } from '../dynamodb/protocol.ts';

/** A refusal as S3 words it. */
export class S3Refusal extends Error {
  override readonly name = 'S3Refusal';
  constructor(
    readonly status: number,
    /** Such as `NoSuchKey`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const builder = new XMLBuilder();

export const xmlReply = (status: number, document: Readonly<Record<string, unknown>>): Reply => ({
  kind: 'bytes',
  status,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(document)}`),
});

export const refusedByS3 = ({ status, code, message }: S3Refusal): Reply =>
  xmlReply(status, { Error: { Code: code, Message: message } });

export const noSuchKey = (): S3Refusal => new S3Refusal(404, 'NoSuchKey', 'The specified key does not exist.');

export const accessDenied = (message = 'Access Denied'): S3Refusal => new S3Refusal(403, 'AccessDenied', message);
