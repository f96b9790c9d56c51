// Owns the HTTP API of a Region: routes with what guards them and what they call, throttles, CORS, hostnames.
// Leaves to local/http-api how requests are served.
import { wildcardMatcher } from '../iam/wildcard.ts';
import { functionNameOf } from './functions.ts';
import type { AuthorizerPlan, CorsPlan, HttpApiPlan, RoutePlan } from './plan.ts';
import type { Properties } from './properties.ts';
import type { Resource, Resources } from './resources.ts';

/** API Gateway's own defaults: an account's throttle and an HTTP API's longest wait. */
const ACCOUNT_THROTTLE = { ratePerSecond: 10_000, burst: 5_000 };
const DEFAULT_TIMEOUT_MS = 30_000;

interface Integration {
  /** ARN of the function or alias. */
  readonly target: string;
  readonly timeoutMs: number;
}

/** @throws Error unless the Region has exactly one API with one `$default` stage */
export function readHttpApi(resources: Resources): HttpApiPlan {
  const api = single(resources.ofType('AWS::ApiGatewayV2::Api'), 'HTTP API');
  const stage = single(resources.ofType('AWS::ApiGatewayV2::Stage'), 'stage');
  api.properties.only('ProtocolType', 'HTTP');
  stage.properties.text('ApiId');
  stage.properties.only('StageName', '$default');
  const accessLogFormat = stage.properties.object('AccessLogSettings').optionalText('Format');
  const cors = api.properties.has('CorsConfiguration')
    ? readCors(api.properties.object('CorsConfiguration'))
    : undefined;
  const integrations = new Map(
    resources.ofType('AWS::ApiGatewayV2::Integration').map((one) => [one.ref(), readIntegration(one)] as const),
  );
  const authorizers = new Map(
    resources.ofType('AWS::ApiGatewayV2::Authorizer').map((one) => [one.ref(), readAuthorizer(one)] as const),
  );
  const throttleOf = readThrottles(stage.properties);
  const mayInvoke = readPermissions(resources, api);
  return {
    apiId: api.ref(),
    routes: resources
      .ofType('AWS::ApiGatewayV2::Route')
      .map(({ properties }) => readRoute(properties, { integrations, authorizers, throttleOf, mayInvoke })),
    ...(cors === undefined ? {} : { cors }),
    ...(accessLogFormat === undefined ? {} : { accessLogFormat }),
    domains: readDomains(resources),
  };
}

interface RouteParts {
  readonly integrations: ReadonlyMap<string, Integration>;
  readonly authorizers: ReadonlyMap<string, AuthorizerPlan>;
  readonly throttleOf: (routeKey: string) => RoutePlan['throttle'];
  readonly mayInvoke: (target: string, routeKey: string) => boolean;
}

function readRoute(properties: Properties, parts: RouteParts): RoutePlan {
  properties.text('ApiId');
  const routeKey = properties.text('RouteKey');
  const integration = parts.integrations.get(properties.text('Target').replace(/^integrations\//, ''));
  if (integration === undefined) throw new Error(`${properties.where}: route ${routeKey} has no integration`);
  const kind = properties.optionalText('AuthorizationType') ?? 'NONE';
  if (kind !== 'JWT' && kind !== 'NONE')
    throw new Error(`${properties.where}: authorization ${kind} is not emulated, only JWT and NONE`);
  const authorizerId = properties.optionalText('AuthorizerId');
  const authorizer = kind === 'JWT' ? parts.authorizers.get(authorizerId ?? '') : undefined;
  if (kind === 'JWT' && authorizer === undefined)
    throw new Error(`${properties.where}: route ${routeKey} has no authorizer`);
  return {
    routeKey,
    functionName: functionNameOf(integration.target),
    ...(authorizer === undefined ? {} : { authorizer }),
    scopes: properties.texts('AuthorizationScopes'),
    throttle: parts.throttleOf(routeKey),
    timeoutMs: integration.timeoutMs,
    ...(parts.mayInvoke(integration.target, routeKey) ? {} : { refusedByFunction: true as const }),
  };
}

function readIntegration({ properties }: Resource): Integration {
  properties.text('ApiId');
  properties.only('IntegrationType', 'AWS_PROXY');
  properties.only('PayloadFormatVersion', '2.0');
  return {
    target: properties.text('IntegrationUri'),
    timeoutMs: properties.number('TimeoutInMillis', DEFAULT_TIMEOUT_MS),
  };
}

function readAuthorizer({ properties }: Resource): AuthorizerPlan {
  properties.text('ApiId');
  properties.only('AuthorizerType', 'JWT');
  const [source] = properties.texts('IdentitySource');
  if (source !== '$request.header.Authorization')
    throw new Error(`${properties.where}: tokens from ${source} are not emulated, only from the Authorization header`);
  const jwt = properties.object('JwtConfiguration');
  return { issuer: jwt.text('Issuer'), audience: jwt.texts('Audience') };
}

function readCors(properties: Properties): CorsPlan {
  const maxAgeSeconds = properties.optionalNumber('MaxAge');
  return {
    allowOrigins: properties.texts('AllowOrigins'),
    allowMethods: properties.texts('AllowMethods'),
    allowHeaders: properties.texts('AllowHeaders'),
    exposeHeaders: properties.texts('ExposeHeaders'),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
  };
}

function readThrottles(stage: Properties): RouteParts['throttleOf'] {
  const readOne = (settings: Properties, otherwise: RoutePlan['throttle']): RoutePlan['throttle'] => ({
    ratePerSecond: settings.number('ThrottlingRateLimit', otherwise.ratePerSecond),
    burst: settings.number('ThrottlingBurstLimit', otherwise.burst),
  });
  const byDefault = readOne(stage.object('DefaultRouteSettings'), ACCOUNT_THROTTLE);
  const routes = stage.object('RouteSettings');
  const own = new Map(
    routes.names().map((routeKey) => [routeKey, readOne(routes.object(routeKey), byDefault)] as const),
  );
  return (routeKey) => own.get(routeKey) ?? byDefault;
}

/** A function answers an API only while its own policy lets it: an AWS::Lambda::Permission for the alias and the route. */
function readPermissions(resources: Resources, api: Resource): RouteParts['mayInvoke'] {
  const permissions = resources.ofType('AWS::Lambda::Permission').map(({ properties }) => ({
    action: properties.text('Action'),
    principal: properties.text('Principal'),
    target: properties.text('FunctionName'),
    matches: wildcardMatcher(properties.optionalText('SourceArn') ?? '*', { ignoreCase: false }),
  }));
  const { region, account } = api.stack;
  return (target, routeKey) => {
    const source = `arn:aws:execute-api:${region}:${account}:${api.ref()}/$default/${routeKey.replace(' ', '')}`;
    return permissions.some(
      (one) =>
        one.action === 'lambda:InvokeFunction' &&
        one.principal === 'apigateway.amazonaws.com' &&
        one.target === target &&
        one.matches(source),
    );
  };
}

/** Hostnames that are mapped to the API. */
function readDomains(resources: Resources): HttpApiPlan['domains'] {
  const mapped = resources.ofType('AWS::ApiGatewayV2::ApiMapping').map(({ properties }) => {
    properties.text('ApiId');
    properties.text('Stage');
    return properties.text('DomainName');
  });
  return resources
    .ofType('AWS::ApiGatewayV2::DomainName')
    .map(({ properties, attribute }) => ({
      name: properties.text('DomainName'),
      regionalTarget: attribute('RegionalDomainName'),
    }))
    .filter(({ name }) => mapped.includes(name));
}

function single(found: readonly Resource[], what: string): Resource {
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error(`a Region has exactly one ${what}, found ${found.length}`);
  return only;
}
