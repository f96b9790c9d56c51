// Owns the HTTP API of one Region: routes of the contract, tokens and scopes, throttles, CORS, access log.
// Leaves its hostnames to api-domains.ts and what a route answers to the handlers.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpApi,
  type HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ROUTES, type RouteName } from '../../lambdas/shared/names.ts';
import { acknowledge } from '../acknowledge.ts';
import type { RegionScope } from '../region-scope.ts';
import { type BillingFunction, timeoutSecondsOf } from './billing-function.ts';

export type ApiSlug = (typeof ROUTES)[number]['slug'];

const CORS_MAX_AGE = Duration.hours(1);

/** Why a route asks for no token. */
const OPEN_ROUTES: Readonly<Record<string, string>> = {
  'GET /health': 'checkers of Route 53 send no token; it tells healthy or not and nothing else',
  'GET /evacuated/{region}': 'checkers of Route 53 send no token; it tells yes or no and nothing else',
  'GET /openapi.json': 'the description of the API is public',
};

/** Never a path or an address: a path holds an account id. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  at: '$context.requestTimeEpoch',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLatencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  integrationStatus: '$context.integrationStatus',
  responseBytes: '$context.responseLength',
  refusedAs: '$context.error.responseType',
};

const corsFor = (allowOrigins: string[]): CorsPreflightOptions => ({
  allowOrigins,
  allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.PUT],
  allowHeaders: ['authorization', 'baseload-after', 'content-type', 'idempotency-key', 'if-none-match'],
  // API Gateway takes names only, no `baseload-*`.
  exposeHeaders: [
    'baseload-position',
    'baseload-region',
    'baseload-remaining',
    'baseload-staleness-ms',
    'etag',
    'idempotent-replayed',
    'retry-after',
  ],
  maxAge: CORS_MAX_AGE,
});

export interface BillingApiProps {
  readonly scope: RegionScope;
  readonly functions: Readonly<Record<ApiSlug, BillingFunction>>;
}

export class BillingApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;

  constructor(parent: Construct, id: string, { scope, functions }: BillingApiProps) {
    super(parent, id);
    const { config } = scope;
    this.api = new HttpApi(this, 'Api', {
      apiName: `baseload-${config.jurisdiction}`,
      description: `Baseload ${config.jurisdiction} in ${scope.region}`,
      createDefaultStage: false,
      // Payers come by hostnames that health checks watch, never past them.
      disableExecuteApiEndpoint: true,
      ...(config.corsOrigins.length === 0 ? {} : { corsPreflight: corsFor(config.corsOrigins) }),
    });
    const authorizer = new HttpJwtAuthorizer('Tokens', config.jwt.issuer, {
      authorizerName: 'tokens',
      jwtAudience: config.jwt.audience,
    });
    const integrations = Object.fromEntries(
      Object.values(functions).map(({ slug, target }) => [
        slug,
        new HttpLambdaIntegration(slug, target, { timeout: Duration.seconds(timeoutSecondsOf(slug) + 1) }),
      ]),
    );
    const routes = ROUTES.flatMap((route: RouteName) => {
      const integration = integrations[route.slug];
      if (integration === undefined)
        throw new Error(`route ${route.key} is served by ${route.slug}, which has no function`);
      const [method, path] = route.key.split(' ') as [HttpMethod, string];
      const isOpen = route.scopes.length === 0;
      const made = this.api.addRoutes({
        path,
        methods: [method],
        integration,
        ...(isOpen ? { authorizer: new HttpNoneAuthorizer() } : { authorizer, authorizationScopes: [...route.scopes] }),
      });
      const reason = OPEN_ROUTES[route.key];
      if (isOpen && reason !== undefined) for (const one of made) acknowledge(one, 'AwsSolutions-APIG4', reason);
      return made;
    });

    this.stage = this.addStage(scope);
    // Settings of a route that does not exist yet are refused.
    this.stage.node.addDependency(...routes);
  }

  private addStage({ config, key }: RegionScope): HttpStage {
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/vendedlogs/baseload-${config.jurisdiction}-access`,
      retention: config.logRetentionDays,
      encryptionKey: key,
      // Holds no money data; a kept group would block the name when the stack is made again.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    // Each route has its own bucket: a flood of lookups leaves payments, and above all /health, alone.
    (stage.node.defaultChild as CfnStage).routeSettings = Object.fromEntries(
      ROUTES.map((route) => {
        const { ratePerSecond, burst } = config.throttles[route.slug];
        return [route.key, { ThrottlingRateLimit: ratePerSecond, ThrottlingBurstLimit: burst }];
      }),
    );
    return stage;
  }
}
