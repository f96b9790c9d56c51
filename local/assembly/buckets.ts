// Owns what the templates declare of buckets: their names, whether they keep versions, for how long objects are locked.
// Leaves to local/s3 how objects are kept.
import type { BucketPlan } from './plan.ts';
import type { Properties } from './properties.ts';
import type { Resources } from './resources.ts';

const DAYS_A_YEAR = 365;

export function readBuckets(resources: Resources): readonly BucketPlan[] {
  return resources.ofType('AWS::S3::Bucket').map(({ properties, ref, attribute }) => {
    properties.value('BucketName');
    const versioning = properties.object('VersioningConfiguration').optionalText('Status');
    const lock = readLock(properties);
    if (lock !== undefined && versioning !== 'Enabled')
      throw new Error(`${properties.where}: Object Lock needs VersioningConfiguration.Status Enabled`);
    return { name: ref(), arn: attribute('Arn'), versioned: versioning === 'Enabled', ...(lock && { lock }) };
  });
}

function readLock(properties: Properties): BucketPlan['lock'] {
  const isEnabled = properties.flag('ObjectLockEnabled', false);
  const configuration = properties.object('ObjectLockConfiguration');
  configuration.only('ObjectLockEnabled', 'Enabled');
  const retention = configuration.object('Rule').object('DefaultRetention');
  const mode = retention.optionalText('Mode');
  const days = retention.optionalNumber('Days') ?? (retention.optionalNumber('Years') ?? 0) * DAYS_A_YEAR;
  if (!isEnabled && mode === undefined) return undefined;
  if (!isEnabled || (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') || days < 1)
    throw new Error(
      `${properties.where}: Object Lock is emulated with a default retention in a mode and days or years`,
    );
  return { mode, days };
}
