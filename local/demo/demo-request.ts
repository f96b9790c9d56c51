// Owns how the demo speaks to the API: as an operator, patient where a wait helps, loud where it does not.
// Leaves to its callers what is sent. Every request may be sent again: a key or the body itself makes it the same one.

const ATTEMPTS = 5;
const RETRY_DELAY_MS = 400;

export interface DemoApi {
  /** Base URL. */
  readonly api: string;
  /** An operator's, who may write readings where there are any. */
  readonly token: string;
  /** Ends every request and wait. */
  readonly signal?: AbortSignal;
}

export interface DemoRequest {
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: object | string;
  readonly contentType?: string;
  readonly idempotencyKey?: string;
}

/** The body of the answer. @throws Error naming the refused request */
export const demoRequest = async (
  { api, token, signal }: DemoApi,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  { body, contentType = 'application/json', idempotencyKey }: DemoRequest = {},
): Promise<unknown> => {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-type': contentType }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
  const init = {
    method,
    headers,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  };
  const response = await patiently(() => fetch(`${api}${path}`, init));
  const text = await response.text();
  if (!response.ok) throw new Error(`demo data: ${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
};

/** Throttled or not ready yet is worth a wait. */
const patiently = async (send: () => Promise<Response>): Promise<Response> => {
  for (let attempt = 1; ; attempt += 1) {
    const response = await send();
    const isTransient = [429, 500, 502, 503].includes(response.status);
    if (!isTransient || attempt === ATTEMPTS) return response;
    await response.arrayBuffer();
    await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS * attempt));
  }
};
