// Owns how an alarm of the registry is made from its signal: name, description, and that it speaks for itself unless a group does.
// Leaves to signals.ts what it looks at, to telling.ts whom it tells.
import {
  Alarm,
  type AlarmBase,
  AlarmRule,
  AnomalyDetectionAlarm,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmRule,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { quietWhile } from '../alarms/areas.ts';
import { alarmName, nameInTier } from '../alarms/names.ts';
import { type AlarmEntry, type AlarmSlug, alarmOf, describe, runbookPath } from '../alarms/registry.ts';
import { type Anomaly, type Signal, type Threshold, treatMissing } from '../alarms/signal.ts';
import { tell } from '../alarms/telling.ts';
import type { BaseloadConfig } from '../config.ts';

export interface BillingAlarmProps {
  readonly config: BaseloadConfig;
  readonly slug: AlarmSlug;
  readonly signal: Signal;
  /** An alarm that was made before, for one that rings together with others. */
  readonly made?: (slug: AlarmSlug) => AlarmBase;
}

export class BillingAlarm extends Construct {
  readonly alarm: AlarmBase;

  constructor(parent: Construct, id: string, { config, slug, signal, made = notMade }: BillingAlarmProps) {
    super(parent, id);
    const entry = alarmOf(slug);
    const named = { alarmName: alarmName(config, slug), alarmDescription: describe(entry) };
    if ('every' in signal) this.alarm = this.composite(named, signal.every.map(made));
    else if ('parts' in signal) this.alarm = this.composite(named, this.parts(config, entry, signal.parts));
    else if ('deviations' in signal) this.alarm = this.anomaly(named, signal);
    else this.alarm = this.threshold('Default', named, signal);
    if (quietWhile(entry.area) === 'never') tell(this.alarm, config, entry.tier, slug);
  }

  private composite(named: Named, alarms: readonly IAlarmRule[]): CompositeAlarm {
    const { alarmName: compositeAlarmName, alarmDescription } = named;
    return new CompositeAlarm(this, 'Default', {
      compositeAlarmName,
      alarmDescription,
      alarmRule: AlarmRule.allOf(...alarms),
    });
  }

  private parts(config: BaseloadConfig, entry: AlarmEntry, parts: Readonly<Record<string, Threshold>>): Alarm[] {
    return Object.entries(parts).map(([part, signal]) => {
      const named = {
        alarmName: nameInTier(config, `${entry.slug}-${part}`, entry.tier),
        alarmDescription: `${entry.tier}: over ${part}, a part of ${entry.slug}. Runbook: ${runbookPath(entry.slug)}`,
      };
      return this.threshold(part, named, signal);
    });
  }

  private threshold(id: string, named: Named, signal: Threshold): Alarm {
    return new Alarm(this, id, {
      ...named,
      metric: signal.metric,
      threshold: signal.threshold,
      comparisonOperator: signal.comparison,
      evaluationPeriods: signal.periods,
      datapointsToAlarm: signal.breaches,
      treatMissingData: treatMissing(signal),
    });
  }

  private anomaly(named: Named, { metric, deviations, periods, breaches }: Anomaly): Alarm {
    return new AnomalyDetectionAlarm(this, 'Default', {
      ...named,
      metric,
      stdDevs: deviations,
      comparisonOperator: ComparisonOperator.LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD,
      evaluationPeriods: periods,
      datapointsToAlarm: breaches,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

const notMade = (slug: AlarmSlug): never => {
  throw new Error(`${slug} is not at hand here: an alarm that rings together with it stands in the alarms stack`);
};

interface Named {
  readonly alarmName: string;
  readonly alarmDescription: string;
}
