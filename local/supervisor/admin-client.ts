// Owns how the supervisor talks to the admin ports of the processes it started.
// Leaves to processes.ts what they answer.

const ADMIN_TIMEOUT_MS = 3_000;

const call = async (
  method: 'GET' | 'POST',
  url: string,
  body?: object,
  timeoutMs = ADMIN_TIMEOUT_MS,
): Promise<Response> => {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${await response.text()}`);
  return response;
};

/** @throws Error when the process does not answer in 3 s, or refuses */
export const adminGet = async <State>(port: number, path: string): Promise<State> =>
  (await (await call('GET', `http://127.0.0.1:${port}${path}`)).json()) as State;

/** @throws Error when the process does not answer in 3 s or the time given, or refuses */
export const adminPost = async (port: number, path: string, body?: object, timeoutMs?: number): Promise<void> => {
  await (await call('POST', `http://127.0.0.1:${port}${path}`, body, timeoutMs)).arrayBuffer();
};
