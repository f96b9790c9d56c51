// Owns the names of what game days need beside the experiments: the place that faults are handed to functions in, and AWS's extension.
// Leaves to constructs/fault-extension.ts who reads it, to constructs/experiment-template.ts who writes.
import { GENERATION } from '../../lambdas/shared/names.ts';

/** Names of buckets are one space for the whole of AWS: the account in it makes it ours. */
export const faultBucketName = (jurisdiction: string, region: string, account: string): string =>
  `baseload-${jurisdiction}-faults-${region}-${account}-${GENERATION}`;

/** Where in it FIS writes which faults are active. */
export const FAULT_PREFIX = 'active/';

/** Public parameter of each Region: the newest layer of version 1 for the processor that functions run on. Source: FIS user guide. */
export const EXTENSION_PARAMETER = '/aws/service/fis/lambda-extension/AWS-FIS-extension-arm64/1.x.x';

export const experimentName = (jurisdiction: string, slug: string): string => `baseload-${jurisdiction}-${slug}`;
