// Owns the smoke of `npm start` as a user runs it: up, one payment followed into both Regions, down within five seconds.
// Leaves to test/local what must hold when things fail.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const READY_DEADLINE_MS = 60_000;
const END_DEADLINE_MS = 5_000;
const ACCOUNT = 'us_smoke';

interface Ready {
  readonly readyMs: number;
  readonly api: string;
  readonly control: string;
  readonly regions: Readonly<Record<string, string>>;
}

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`smoke: ${what}`);
  console.log(`  ok  ${what}`);
};

const isOver = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

const endGroup = (run: ChildProcess): void => {
  if (run.pid !== undefined && !isOver(run)) process.kill(-run.pid, 'SIGTERM');
};

const main = async (): Promise<void> => {
  // A group of its own, so that nothing outlives a smoke that fails.
  const run = spawn('npm', ['start', '--silent', '--', '--json', '--port-base', '0', '--fresh'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  process.once('exit', () => endGroup(run));
  const late = setTimeout(() => endGroup(run), READY_DEADLINE_MS);
  let ready: Ready | undefined;
  for await (const line of createInterface({ input: run.stdout })) {
    if (!line.startsWith('{')) continue;
    ready = JSON.parse(line) as Ready;
    break;
  }
  clearTimeout(late);
  if (ready === undefined) throw new Error(`smoke: not ready within ${READY_DEADLINE_MS} ms`);
  try {
    must(true, `ready in ${ready.readyMs} ms`);
    await pay(ready);
  } finally {
    const gone = once(run, 'exit');
    const askedAtMs = performance.now();
    endGroup(run);
    await Promise.race([gone, pause(END_DEADLINE_MS, undefined, { ref: false })]);
    must(isOver(run), `down in ${Math.round(performance.now() - askedAtMs)} ms`);
  }
};

const pay = async ({ api, control, regions }: Ready): Promise<void> => {
  const scope = 'billing:operate billing:pay billing:read';
  const query = new URLSearchParams({ accounts: ACCOUNT, scope });
  const { token } = (await (await fetch(`${control}/dev/token?${query}`)).json()) as { token: string };
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': 'smoke-1',
  };
  const post = (path: string, body: object) =>
    fetch(`${api}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });

  const account = { accountId: ACCOUNT, name: 'Smoke', currency: 'USD', timeZone: 'America/Chicago' };
  must((await post('/v1/accounts', account)).status === 201, 'an account is opened');
  const payment = { amountMinor: 4_200, currency: 'USD', method: 'card' };
  const paid = await post(`/v1/accounts/${ACCOUNT}/payments`, payment);
  const receipt = (await paid.json()) as { position: string };
  must(paid.status === 201, 'a payment is accepted');
  const again = await post(`/v1/accounts/${ACCOUNT}/payments`, payment);
  must(again.headers.get('idempotent-replayed') === 'true', 'the same key is the same payment');
  for (const [region, url] of Object.entries(regions)) {
    const answer = await fetch(`${url}/v1/accounts/${ACCOUNT}`, {
      headers: { ...headers, 'baseload-after': receipt.position },
    });
    const { balanceMinor } = (await answer.json()) as { balanceMinor: number };
    must(balanceMinor === -4_200, `${region} shows it at once to who asks after it`);
  }
};

await main();
