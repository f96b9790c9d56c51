// Owns the names of alarms, by which stacks and people know them.
// Leaves to registry.ts which alarms there are.
import { ArnFormat, type Stack } from 'aws-cdk-lib';
import type { BaseloadConfig } from '../config.ts';
import { type AlarmSlug, alarmOf } from './registry.ts';

/** `baseload-us-payments-errors-P1`. */
export const alarmName = ({ jurisdiction }: BaseloadConfig, slug: AlarmSlug): string =>
  `baseload-${jurisdiction}-${slug}-${alarmOf(slug).tier}`;

/** In the Region of `stack`. */
export const alarmArn = (stack: Stack, config: BaseloadConfig, slug: AlarmSlug): string =>
  stack.formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: alarmName(config, slug),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
