// Owns one request to one Region, and what its answer is worth. It never throws: whatever happens is an outcome.
// Leaves to call.ts what follows from it.
import { problem } from './answers.ts';
import type { Refusal } from './errors.ts';
import { readText } from './read-text.ts';
import { UnexpectedAnswer } from './shapes.ts';

export interface Request {
  readonly method: 'GET' | 'POST';
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed; undefined when there is no body. */
  readonly body: unknown;
}

export type Outcome<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** 4xx: not to be sent again as it is. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** 429: to be sent again later. */
  | { readonly kind: 'held-off'; readonly refusal: Refusal }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      /** False only when it is certain that the Region did nothing. */
      readonly mayBeWritten: boolean;
      readonly retryAfterSeconds?: number | undefined;
    };

/** No route of Baseload's redirects, a token goes nowhere else, and what a browser keeps is no answer. */
const ALWAYS = { redirect: 'error', credentials: 'omit', cache: 'no-store' } as const;

/** `accept` reads an answer that is no refusal. @throws UnexpectedAnswer when it is none that Baseload gives */
export const exchange = async <T>(
  fetch: typeof globalThis.fetch,
  region: string,
  { method, path, headers, body }: Request,
  accept: (answer: Answer) => T,
  signal: AbortSignal,
): Promise<Outcome<T>> => {
  let wasAnswered = false;
  try {
    const init = { ...ALWAYS, method, headers, signal, ...(body === undefined ? {} : { body }) };
    const response = await fetch(region + path, init);
    wasAnswered = true;
    return judge(response, await readText(response), region, accept);
  } catch (error) {
    const isLie = error instanceof UnexpectedAnswer;
    const reason = isLie ? `not an answer of Baseload: ${error.message}` : reasonOf(error);
    return { kind: 'failed', reason, mayBeWritten: wasAnswered || !wasNeverSent(error) };
  }
};

/** Problems that say so of this attempt. */
const NOTHING_WRITTEN = new Set(['not-attempted', 'clock-skew']);

const judge = <T>(response: Response, body: string, region: string, accept: (answer: Answer) => T): Outcome<T> => {
  const { status, headers } = response;
  if (status < 400) return { kind: 'answered', value: accept({ status, headers, body: parsedJson(headers, body) }) };
  const refusal = refusalOf(response, body, region);
  if (status === 429) return { kind: 'held-off', refusal };
  if (status < 500) return { kind: 'refused', refusal };
  const { type, retryAfterSeconds } = refusal;
  const reason = type === undefined ? String(status) : `${status} ${type}`;
  return { kind: 'failed', reason, mayBeWritten: !NOTHING_WRITTEN.has(type ?? ''), retryAfterSeconds };
};

const parsedJson = (headers: Headers, body: string): unknown => {
  if (body === '') return undefined;
  if (!/^application\/json\b/i.test(headers.get('content-type') ?? '')) throw new UnexpectedAnswer('it is not JSON');
  try {
    return JSON.parse(body);
  } catch {
    throw new UnexpectedAnswer('its JSON cannot be read');
  }
};

const refusalOf = ({ status, headers }: Response, body: string, region: string): Refusal => ({
  status,
  region,
  body,
  retryAfterSeconds: secondsIn(headers.get('retry-after')),
  ...problemIn(headers, body, status),
});

/** Nothing for what is no problem document of this very status: API Gateway's refusals, and strangers'. */
const problemIn = (headers: Headers, body: string, status: number): Partial<Refusal> => {
  if (!/^application\/problem\+json\b/i.test(headers.get('content-type') ?? '')) return {};
  try {
    const read = problem.read(JSON.parse(body), 'problem');
    return read.status === status
      ? { type: read.type, title: read.title, detail: read.detail, errors: read.errors }
      : {};
  } catch {
    return {};
  }
};

/** RFC 9110, 10.2.3. The form that is a date is of no use to a clock that may be wrong. */
const secondsIn = (retryAfter: string | null): number | undefined =>
  retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;

/** What Node's fetch tells of a connection that never came about; browsers do not tell. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/** Read without `instanceof`: an error may come from another realm, such as a frame's. */
interface Thrown {
  readonly message?: unknown;
  readonly cause?: { readonly code?: unknown } | null;
}

const codeOf = (error: unknown): string | undefined => {
  const code = (error as Thrown | undefined)?.cause?.code;
  return typeof code === 'string' ? code : undefined;
};

const wasNeverSent = (error: unknown): boolean => NEVER_CONNECTED.has(codeOf(error) ?? '');

const reasonOf = (error: unknown): string => {
  const message = (error as Thrown | undefined)?.message;
  return codeOf(error) ?? (typeof message === 'string' && message !== '' ? message : 'the request failed');
};
