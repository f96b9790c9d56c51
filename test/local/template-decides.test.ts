// The proof of promise 6: values changed in the templates change what happens here. The values that take time or faults to
// be seen (threshold, interval, retries, bisect, age, timeout, memory) are proven on the emulators, in test/local-*.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChangedRun, type Properties, startChanged } from '../../drills/pair/changed-assembly.ts';

const [EAST, WEST] = ['us-east-1', 'us-west-2'];
const ACCOUNT = '/v1/accounts/us_gas-home';

describe('an app with other values in its templates', () => {
  let changed: ChangedRun | undefined;
  const baseload = () => {
    if (changed === undefined) throw new Error('the run is only there inside of tests');
    return changed.baseload;
  };

  beforeAll(async () => {
    changed = await startChanged((region, resources) => {
      const change = (type: string, logicalId: RegExp, values: (properties: Properties) => void): void => {
        const found = resources.filter((one) => one.type === type && logicalId.test(one.logicalId));
        expect([type, found.length]).toEqual([type, 1]);
        for (const { properties } of found) values(properties);
      };
      change('AWS::Route53::RecordSet', /Shared/, (record) => {
        record.TTL = '7';
      });
      change('AWS::ApiGatewayV2::Authorizer', /./, ({ JwtConfiguration }) => {
        JwtConfiguration.Audience = ['https://other.example'];
      });
      if (region === WEST) {
        change('AWS::Lambda::Function', /^Lookup/, (fn) => {
          fn.ReservedConcurrentExecutions = 0;
        });
        return;
      }
      change('AWS::Route53::HealthCheck', /OwnHealth/, ({ HealthCheckConfig }) => {
        HealthCheckConfig.ResourcePath = '/not-there';
      });
      change('AWS::Lambda::Function', /^Lookup/, (fn) => {
        fn.Environment.Variables.BASELOAD_JURISDICTION = 'eu';
      });
      change('AWS::ApiGatewayV2::Stage', /./, ({ RouteSettings }) => {
        Object.assign(RouteSettings['GET /openapi.json'], { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 });
      });
      change('AWS::ApiGatewayV2::Api', /./, ({ CorsConfiguration }) => {
        Object.assign(CorsConfiguration, { AllowOrigins: ['https://other.example'], ExposeHeaders: ['x-other'] });
      });
    });
  }, 90_000);

  afterAll(() => changed?.end(), 30_000);

  test('a health check looks where it says, and a record lives as long as it says', async () => {
    const { regions, dns } = await baseload().state();
    expect(regions[EAST]).toMatchObject({ process: 'up', health: 'unhealthy', checkers: { healthy: 0, total: 16 } });
    expect(dns).toMatchObject({ answer: WEST, ttlSeconds: 7 });
  });

  test('a route is throttled at its burst', async () => {
    const statuses = await Promise.all(
      [EAST, WEST].map(async (region) => {
        const answers = await Promise.all([1, 2].map(() => baseload().region(region, 'GET', '/openapi.json')));
        return answers.map(({ status }) => status).sort();
      }),
    );
    // The west has no concurrency left for any lookup.
    expect(statuses).toEqual([
      [200, 429],
      [503, 503],
    ]);
  });

  test('the authorizer takes its audience only, and a function has its own environment', async () => {
    const ask = async (audience: string) => {
      const token = await baseload().token({ accounts: ['us_gas-home'], scope: 'billing:read', audience });
      const { status, body } = await baseload().region(EAST, 'GET', ACCOUNT, { token });
      return [status, body.type];
    };
    expect(await ask('https://billing.example.com')).toEqual([401, undefined]);
    expect(await ask('https://other.example')).toEqual([421, 'wrong-jurisdiction']);
  });

  test('CORS names its origin and headers', async () => {
    const cors = async (origin: string) => {
      const { headers } = await baseload().region(EAST, 'GET', '/health', { headers: { origin } });
      return [headers.get('access-control-allow-origin'), headers.get('access-control-expose-headers')];
    };
    expect(await cors('https://other.example')).toEqual(['https://other.example', 'x-other']);
    expect(await cors('https://portal.example.com')).toEqual([null, null]);
  });
});
