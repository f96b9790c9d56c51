// Owns what AWS asks for each unit that Baseload uses: list prices of us-east-1 in US dollars, free tiers left out.
// Leaves to idle.ts and payments.ts how many units there are. Nothing fetches them: check a price against its page before you rely on it.

/** When all of them were noted down. */
export const PRICES_NOTED = '2026-11-21';

export interface Price {
  readonly unit: string;
  readonly usd: number;
  /** Of so many units. */
  readonly per: number;
  /** AWS's page. */
  readonly page: string;
}

const MILLION = 1_000_000;
const DYNAMODB = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const ROUTE53 = 'https://aws.amazon.com/route53/pricing/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';

export const PRICES = {
  writeUnit: { unit: 'DynamoDB write unit, the same for each replica', usd: 0.625, per: MILLION, page: DYNAMODB },
  readUnit: { unit: 'DynamoDB read unit', usd: 0.125, per: MILLION, page: DYNAMODB },
  tableStorage: { unit: 'DynamoDB storage, GB-month', usd: 0.25, per: 1, page: DYNAMODB },
  pointInTime: { unit: 'DynamoDB point-in-time recovery, GB-month', usd: 0.2, per: 1, page: DYNAMODB },
  lambdaRequest: { unit: 'Lambda request', usd: 0.2, per: MILLION, page: LAMBDA },
  lambdaCompute: { unit: 'Lambda GB-second (arm64)', usd: 13.3334, per: MILLION, page: LAMBDA },
  httpApi: { unit: 'HTTP API request', usd: 1, per: MILLION, page: 'https://aws.amazon.com/api-gateway/pricing/' },
  healthCheck: { unit: 'Route 53 health check of an AWS endpoint, month', usd: 0.5, per: 1, page: ROUTE53 },
  healthCheckOption: { unit: 'its HTTPS or its fast interval, each, month', usd: 1, per: 1, page: ROUTE53 },
  hostedZone: { unit: 'Route 53 hosted zone, month', usd: 0.5, per: 1, page: ROUTE53 },
  alarmMetric: { unit: 'CloudWatch metric of an alarm, month', usd: 0.1, per: 1, page: CLOUDWATCH },
  compositeAlarm: { unit: 'CloudWatch composite alarm, month', usd: 0.5, per: 1, page: CLOUDWATCH },
  dashboard: { unit: 'CloudWatch dashboard, month', usd: 3, per: 1, page: CLOUDWATCH },
  customMetric: { unit: 'CloudWatch custom metric, month', usd: 0.3, per: 1, page: CLOUDWATCH },
  logs: { unit: 'CloudWatch logs taken in, GB', usd: 0.5, per: 1, page: CLOUDWATCH },
  trace: { unit: 'X-Ray trace', usd: 5, per: MILLION, page: 'https://aws.amazon.com/xray/pricing/' },
  sqs: { unit: 'SQS request', usd: 0.4, per: MILLION, page: 'https://aws.amazon.com/sqs/pricing/' },
  schedule: {
    unit: 'EventBridge Scheduler call',
    usd: 1,
    per: MILLION,
    page: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  key: { unit: 'KMS key, month', usd: 1, per: 1, page: 'https://aws.amazon.com/kms/pricing/' },
  secret: {
    unit: 'Secrets Manager secret, month',
    usd: 0.4,
    per: 1,
    page: 'https://aws.amazon.com/secrets-manager/pricing/',
  },
  canaryRun: { unit: 'CloudWatch Synthetics canary run', usd: 0.0012, per: 1, page: CLOUDWATCH },
  s3Put: { unit: 'S3 put', usd: 5, per: MILLION, page: 'https://aws.amazon.com/s3/pricing/' },
} as const satisfies Readonly<Record<string, Price>>;

/** US dollars. */
export const costOf = (price: keyof typeof PRICES, units: number): number =>
  (units / PRICES[price].per) * PRICES[price].usd;
