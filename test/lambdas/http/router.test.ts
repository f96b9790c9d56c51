import { expect, test } from '@jest/globals';
import { Refusal } from '../../../lambdas/shared/http/problem.ts';
import { createApi, type Route } from '../../../lambdas/shared/http/router.ts';
import type { MetricName } from '../../../lambdas/shared/metric-names.ts';
import { apiEvent } from '../harness/api-event.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';

const refuse = (): never => {
  throw new Refusal('view-unavailable', 'Try again');
};
const fail = (): never => {
  throw new Error('nobody foresaw this');
};
const send: Route = async () => ({ status: 200, headers: {}, body: '{}' });

/** What was published under Unavailable and ApiUnavailable, one value a request. */
class Shares extends RecordingTelemetry {
  readonly published: (readonly [string, number])[] = [];
  override count(metric: MetricName, value = 1): void {
    super.count(metric, value);
    if (/Unavailable$/.test(metric)) this.published.push([metric, value]);
  }
}

test.each<[string, Route, number]>([
  ['is answered', send, 0],
  ['is refused as foreseen, with 503', async () => refuse(), 1],
  ['fails in a way nobody foresaw', async () => fail(), 1],
])('a request that %s counts once for its function and once for the Region', async (_what, route, failed) => {
  const telemetry = new Shares();
  const api = createApi<'payments'>({
    region: 'us-east-1',
    clock: new ManualClock(0),
    telemetry,
    routes: { 'POST /v1/accounts/{accountId}/payments': route },
  });
  await api(apiEvent({ routeKey: 'POST /v1/accounts/{accountId}/payments' }));
  await api(apiEvent({ routeKey: 'GET /v1/nothing' }));
  expect(telemetry.published).toEqual([
    ['Unavailable', failed],
    ['ApiUnavailable', failed],
    ['Unavailable', 0],
    ['ApiUnavailable', 0],
  ]);
});

test('a checker’s 503 is no failure of payers', async () => {
  const telemetry = new Shares();
  const api = createApi<'health'>({
    region: 'us-east-1',
    clock: new ManualClock(0),
    telemetry,
    routes: { 'GET /health': async () => refuse(), 'GET /evacuated/{region}': async () => refuse() },
  });
  await api(apiEvent({ routeKey: 'GET /health' }));
  await api(apiEvent({ routeKey: 'GET /evacuated/{region}' }));
  expect(telemetry.published).toEqual([]);
});

test('only what did not go well has a log line: the access log has the rest', async () => {
  const telemetry = new RecordingTelemetry();
  const apiWith = (route: Route) =>
    createApi<'payments'>({
      region: 'us-east-1',
      clock: new ManualClock(0),
      telemetry,
      routes: { 'POST /v1/accounts/{accountId}/payments': route },
    });
  const event = apiEvent({ routeKey: 'POST /v1/accounts/{accountId}/payments' });
  await apiWith(send)(event);
  expect(telemetry.lines).toEqual([]);
  await apiWith(async () => refuse())(event);
  expect(telemetry.lines).toMatchObject([
    { level: 'info', message: 'answered', fields: { status: 503, routeKey: event.routeKey } },
  ]);
});
