import { describe, expect, test } from '@jest/globals';
import { ROUTES } from '../../lambdas/shared/names.ts';
import { onlyResource, resourcesOf, stackNamed, synthesize, usConfig } from './synthesized.ts';

const region = stackNamed(synthesize(), 'baseload-us-region-us-west-2');
const routes = resourcesOf(region, 'AWS::ApiGatewayV2::Route');
const routeOf = (key: string) => routes.find(({ Properties }) => Properties.RouteKey === key)?.Properties;
const stage = onlyResource(region, 'AWS::ApiGatewayV2::Stage');

describe('routes', () => {
  test('are those of the contract', () => {
    expect(routes.map(({ Properties }) => Properties.RouteKey).sort()).toEqual(ROUTES.map(({ key }) => key).sort());
  });

  test.each([
    ['POST /v1/accounts/{accountId}/payments', ['billing:pay']],
    ['GET /v1/accounts/{accountId}', ['billing:read']],
    ['POST /v1/accounts/{accountId}/payments/{paymentId}/refunds', ['billing:operate']],
  ])('%s asks for a token with %j', (key, scopes) => {
    expect(routeOf(key)).toMatchObject({ AuthorizationType: 'JWT', AuthorizationScopes: scopes });
  });

  test('three routes ask for no token', () => {
    const open = routes
      .filter(({ Properties }) => Properties.AuthorizationType === 'NONE')
      .map(({ Properties }) => Properties.RouteKey);
    expect(open.sort()).toEqual(['GET /evacuated/{region}', 'GET /health', 'GET /openapi.json']);
  });

  test('call the live alias of their function, within its time', () => {
    const integrations = resourcesOf(region, 'AWS::ApiGatewayV2::Integration').map(({ Properties }) => [
      JSON.stringify(Properties.IntegrationUri),
      Properties.PayloadFormatVersion,
      Properties.TimeoutInMillis,
    ]);
    expect(integrations).toEqual([
      [expect.stringMatching(/OperationsLive/), '2.0', 11_000],
      [expect.stringMatching(/LookupLive/), '2.0', 11_000],
      [expect.stringMatching(/TariffsLive/), '2.0', 11_000],
      [expect.stringMatching(/PaymentsLive/), '2.0', 11_000],
      [expect.stringMatching(/ReadingsLive/), '2.0', 21_000],
      [expect.stringMatching(/HealthLive/), '2.0', 6_000],
    ]);
  });

  test('tokens come from the configured issuer, for the configured audience', () => {
    region.template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: 'https://issuer.example.com/', Audience: ['https://billing.example.com'] },
    });
  });
});

describe('the stage', () => {
  const settings = stage.Properties.RouteSettings as Record<
    string,
    { ThrottlingRateLimit: number; ThrottlingBurstLimit: number }
  >;

  test('has a throttle for each route, and one of its own for /health', () => {
    expect(Object.keys(settings).sort()).toEqual(ROUTES.map(({ key }) => key).sort());
    expect(settings['GET /health']).toEqual({
      ThrottlingRateLimit: 100,
      ThrottlingBurstLimit: 100,
    });
    expect(settings['POST /v1/accounts/{accountId}/payments']).toEqual({
      ThrottlingRateLimit: 1000,
      ThrottlingBurstLimit: 500,
    });
  });

  test('waits for its routes: API Gateway refuses settings of a route that is not there', () => {
    for (const { logicalId } of routes) expect(stage.DependsOn).toContain(logicalId);
  });

  test('logs which route was called, never a path, an address or a token', () => {
    const { Format } = stage.Properties.AccessLogSettings as { Format: string };
    expect(Object.values(JSON.parse(Format)).sort()).toEqual([
      '$context.error.responseType',
      '$context.integrationLatency',
      '$context.integrationStatus',
      '$context.requestId',
      '$context.requestTimeEpoch',
      '$context.responseLatency',
      '$context.responseLength',
      '$context.routeKey',
      '$context.status',
    ]);
  });
});

describe('the API', () => {
  test('is reached by its hostnames only', () => {
    region.template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      DisableExecuteApiEndpoint: true,
      ProtocolType: 'HTTP',
    });
  });

  test('shows the headers of the contract to web pages of the configured origins', () => {
    region.template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: {
        AllowOrigins: ['https://portal.example.com'],
        AllowMethods: ['GET', 'POST', 'PUT'],
        AllowHeaders: ['authorization', 'baseload-after', 'content-type', 'idempotency-key', 'if-none-match'],
        ExposeHeaders: [
          'baseload-position',
          'baseload-region',
          'baseload-remaining',
          'baseload-staleness-ms',
          'etag',
          'idempotent-replayed',
          'retry-after',
        ],
        MaxAge: 3600,
      },
    });
  });

  test('has no CORS when no web page calls it', () => {
    const [api] = resourcesOf(
      stackNamed(synthesize({ ...usConfig(), corsOrigins: [] }), 'baseload-us-region-us-west-2'),
      'AWS::ApiGatewayV2::Api',
    );
    expect(api?.Properties).not.toHaveProperty('CorsConfiguration');
  });
});
