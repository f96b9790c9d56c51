// Owns what a request to S3 asks for: operation, bucket, key and options, addressed by path, as the SDK does at an IP address.
// Leaves to endpoint.ts the answers. An operation, option or header that is not imitated here is an error, never left out in silence.
// Source: S3 API reference, PutObject, GetObject, HeadObject, ListObjectsV2, DeleteObject; the SDK's own requests.
import type { IncomingHttpHeaders } from 'node:http';
import { S3Refusal } from './refusals.ts';

export type S3Operation = 'PutObject' | 'GetObject' | 'HeadObject' | 'ListObjectsV2' | 'DeleteObject';

export interface S3Request {
  readonly operation: S3Operation;
  readonly bucket: string;
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
}

/** What each operation may say in its query beside `x-id`, which only names it. */
const QUERY: Readonly<Record<S3Operation, readonly string[]>> = {
  PutObject: [],
  GetObject: ['versionId'],
  HeadObject: ['versionId'],
  DeleteObject: ['versionId'],
  ListObjectsV2: ['list-type', 'prefix', 'start-after', 'max-keys', 'continuation-token'],
};

/** Headers that would change what is done. */
const HEADERS: Readonly<Record<S3Operation, readonly string[]>> = {
  PutObject: ['if-none-match', 'x-amz-checksum-crc32', 'x-amz-sdk-checksum-algorithm'],
  GetObject: ['x-amz-checksum-mode'],
  HeadObject: ['x-amz-checksum-mode'],
  DeleteObject: [],
  ListObjectsV2: [],
};
const ALWAYS = ['x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token', 'x-amz-user-agent'];
const CHANGES_MEANING = /^(x-amz-.*|if-.*|range|content-md5|content-encoding)$/;

/** @throws S3Refusal 501 for what is not imitated here */
export const requestOf = (method: string, url: string, headers: IncomingHttpHeaders): S3Request => {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/.exec(pathname) ?? [];
  const operation = operationOf(method, key, searchParams);
  if (operation === undefined) throw notEmulated(`${method} ${url}`);
  const { 'x-id': _, ...query } = Object.fromEntries(searchParams);
  const unknown = [
    ...Object.keys(query).filter((name) => !QUERY[operation].includes(name)),
    ...Object.keys(headers).filter(
      (name) => CHANGES_MEANING.test(name) && !ALWAYS.includes(name) && !HEADERS[operation].includes(name),
    ),
  ];
  if (unknown.length > 0) throw notEmulated(`${operation} with ${unknown.join(', ')}`);
  return { operation, bucket, key: decodeURIComponent(key), query };
};

const operationOf = (method: string, key: string, query: URLSearchParams): S3Operation | undefined => {
  if (key === '') return method === 'GET' && query.get('list-type') === '2' ? 'ListObjectsV2' : undefined;
  const operations: Readonly<Record<string, S3Operation>> = {
    PUT: 'PutObject',
    GET: 'GetObject',
    HEAD: 'HeadObject',
    DELETE: 'DeleteObject',
  };
  return operations[method];
};

const notEmulated = (what: string): S3Refusal => new S3Refusal(501, 'NotImplemented', `not emulated locally: ${what}`);
