// Owns the game days of one Region: its experiments, the bucket that faults are handed over in, and when they start by themselves.
// Leaves to game-days/experiments.ts what is done and what must hold. Deployed after the Region stack, which knows nothing of it by name.
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { BaseloadConfig } from '../config.ts';
import { ExperimentTemplate } from '../constructs/experiment-template.ts';
import type { FaultPlace } from '../constructs/fault-extension.ts';
import { GameDaySchedule } from '../constructs/game-day-schedule.ts';
import { shortLivedBucket } from '../constructs/short-lived-bucket.ts';
import { gameDaysOf } from '../game-days/days.ts';
import { EXPERIMENTS } from '../game-days/experiments.ts';
import { faultBucketName } from '../game-days/names.ts';

export interface GameDaysStackProps extends StackProps {
  readonly config: BaseloadConfig;
}

export class GameDaysStack extends Stack {
  constructor(parent: Construct, id: string, { config, ...props }: GameDaysStackProps) {
    super(parent, id, props);
    const place: FaultPlace = { stack: this, region: this.region, config };
    shortLivedBucket(this, 'Faults', {
      bucketName: faultBucketName(config.jurisdiction, this.region, this.account),
      // FIS takes away what it put there; what a stopped experiment left is too old for the extension after minutes.
      keptFor: Duration.days(1),
      withoutAccessLog: 'holds which faults are active, for a day at most: FIS and CloudTrail say who started them',
    });
    const templates = EXPERIMENTS.map((experiment) => {
      const made = new ExperimentTemplate(this, experiment.slug, { place, experiment });
      new CfnOutput(this, `${experiment.slug}Template`, { value: made.template.attrId, description: experiment.claim });
      return made;
    });
    const day = gameDaysOf(config).find(({ region }) => region === this.region);
    if (day !== undefined) new GameDaySchedule(this, 'Schedule', { place, day, templates });
  }
}
