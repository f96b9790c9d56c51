// Owns how every client of AWS is made: where it goes, its deadlines, attempts and kept connections.
// Leaves to shared/policies.ts the numbers, and to the adapter of each service what is asked of it.
import { AWS_ATTEMPTS, AWS_SOCKETS, AWS_TIMING, type AwsTiming } from '../shared/policies.ts';

export interface AwsClientOptions {
  readonly region: string;
  /** Absent: the SDK's own, which `AWS_ENDPOINT_URL_<SERVICE>` can set. */
  readonly endpoint?: string;
  /** Absent: the SDK's own chain (on Lambda, the environment). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly timing?: Partial<AwsTiming>;
}

/** The configuration of an SDK client. Make one client per process and share it. */
export const awsClientConfig = ({ region, endpoint, credentials, timing }: AwsClientOptions) => {
  const { connectTimeoutMs, requestTimeoutMs } = { ...AWS_TIMING, ...timing };
  const agent = { keepAlive: true, maxSockets: AWS_SOCKETS };
  return {
    region,
    maxAttempts: AWS_ATTEMPTS,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      // Without it the handler only logs a warning and goes on waiting.
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  } as const;
};
