// Owns the names of alarms and of the topics they tell, by which stacks and people know them.
// Leaves to registry.ts and groups.ts which alarms there are.
import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { alarmTopicName } from '../../lambdas/shared/names.ts';
import type { BaseloadConfig } from '../config.ts';
import type { Tier } from './areas.ts';
import { type AlarmSlug, alarmOf } from './registry.ts';

/** `baseload-us-payments-errors-P1`. */
export const alarmName = (config: BaseloadConfig, slug: AlarmSlug): string =>
  nameInTier(config, slug, alarmOf(slug).tier);

/** Of what has a name of its own beside those of the registry: parts and groups. */
export const nameInTier = ({ jurisdiction }: BaseloadConfig, name: string, tier: Tier): string =>
  `baseload-${jurisdiction}-${name}-${tier}`;

/** In the Region of `stack`. */
export const alarmArn = (stack: Stack, config: BaseloadConfig, slug: AlarmSlug): string =>
  stack.formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: alarmName(config, slug),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

export const topicName = ({ jurisdiction }: BaseloadConfig, tier: Tier): string => alarmTopicName(jurisdiction, tier);
