// Owns the wiring of the enrich-alarm function: what a worker makes once.
// Leaves to create-enrich-alarm-handler.ts what it does.
import { CloudWatchAlarmStates, createCloudWatchClient } from '../adapters/cloudwatch-alarm-states.ts';
import { CodeDeployDeployments, createCodeDeployClient } from '../adapters/codedeploy-deployments.ts';
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoRegionState } from '../adapters/dynamo/region-state.ts';
import { HttpRegionPages } from '../adapters/http-region-pages.ts';
import { createSnsClient, SnsPager } from '../adapters/sns-pager.ts';
import { optionalSetting, ownRegion, peerRegion, setting } from '../shared/env.ts';
import { alarmTopicName, CANARY_SLUGS, codeDeployApplicationName, type GameDay } from '../shared/names.ts';
import { TIMEOUTS } from '../shared/policies.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createEnrichAlarmHandler } from './create-enrich-alarm-handler.ts';

const region = ownRegion();
const peer = peerRegion();
const jurisdiction = setting('jurisdiction');
const peerHostname = setting('peerHostname');
const runbookBaseUrl = optionalSetting('runbookBaseUrl');
const topicArnBase = setting('topicArnBase');
/** As lib/game-days/days.ts wrote it. */
const gameDays: readonly GameDay[] = JSON.parse(optionalSetting('gameDays') ?? '[]');

export const handler = createEnrichAlarmHandler({
  sources: {
    region,
    peer,
    peerHostname,
    alarms: new CloudWatchAlarmStates(createCloudWatchClient({ region }), `baseload-${jurisdiction}-`),
    deployments: new CodeDeployDeployments(
      createCodeDeployClient({ region }),
      codeDeployApplicationName(jurisdiction),
      CANARY_SLUGS,
    ),
    regionState: new DynamoRegionState(new Dynamo({ region }), setting('regionStateTable')),
    pages: new HttpRegionPages(TIMEOUTS.alarmContextMs),
  },
  scope: {
    jurisdiction,
    region,
    peer,
    gameDays,
    hostnames: { own: setting('ownHostname'), peer: peerHostname, routed: setting('hostname') },
    ...(runbookBaseUrl === undefined ? {} : { runbookBaseUrl }),
  },
  pager: new SnsPager(createSnsClient({ region }), (tier) => `${topicArnBase}${alarmTopicName(jurisdiction, tier)}`),
  telemetry: createTelemetry('enrich-alarm'),
});
