// The proof of D7's evacuation: a flag in the peer takes a healthy Region out of DNS, and brings it back; no control plane is called.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Dynamo } from '../../lambdas/adapters/dynamo/client.ts';
import { DynamoRegionState } from '../../lambdas/adapters/dynamo/region-state.ts';
import { CREDENTIALS, TABLES } from '../engine/tables.ts';
import { settled, sharedRun } from './shared-run.ts';

const baseload = sharedRun();
const [EAST = '', WEST = ''] = baseload.regionNames;

describe('a Region is evacuated through its peer', () => {
  let peer: DynamoRegionState;
  const page = () => baseload.region(WEST, 'GET', `/evacuated/${EAST}`);

  beforeAll(async () => {
    await settled(baseload);
    const dynamo = new Dynamo({ endpoint: await baseload.dynamodb(WEST), region: WEST, credentials: CREDENTIALS });
    peer = new DynamoRegionState(dynamo, TABLES.regionState);
  }, 120_000);

  afterAll(async () => {
    await peer.setEvacuated(EAST, false);
    await settled(baseload);
  }, 120_000);

  test('until then the peer serves no such page, and a Region does not know itself as one', async () => {
    expect((await page()).status).toBe(404);
    expect((await baseload.region(WEST, 'GET', `/evacuated/${WEST}`)).status).toBe(404);
    expect((await baseload.region(WEST, 'GET', '/evacuated/eu-west-1')).status).toBe(404);
  });

  test('traffic leaves it although it is healthy, and it goes on serving who asks it by name', async () => {
    await peer.setEvacuated(EAST, true);
    await baseload.waitFor('the peer serves the page', async () => (await page()).status === 200);
    await baseload.waitFor(
      'DNS answers with the peer',
      async () => (await baseload.state()).dns.answer === WEST,
      60_000,
    );
    expect((await baseload.state()).regions[EAST]).toMatchObject({ process: 'up', evacuated: true });
    expect((await baseload.region(EAST, 'GET', '/health')).status).toBe(200);
  }, 90_000);

  test('the peer dies: nobody says any more that it is evacuated, and traffic comes back', async () => {
    await baseload.tell(WEST, 'kill');
    await baseload.waitFor(
      'DNS answers with it again',
      async () => (await baseload.state()).dns.answer === EAST,
      60_000,
    );
    await baseload.tell(WEST, 'start');
    expect((await page()).status).toBe(200);
  }, 120_000);

  test('readmitted, it is back in DNS', async () => {
    await baseload.waitFor('DNS has left it again', async () => (await baseload.state()).dns.answer === WEST, 90_000);
    await peer.setEvacuated(EAST, false);
    await baseload.waitFor('DNS answers with it', async () => (await baseload.state()).dns.answer === EAST, 60_000);
    expect((await page()).status).toBe(404);
  }, 180_000);
});
