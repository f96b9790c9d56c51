import { Resolver } from 'node:dns/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { ProbeTarget } from '../../local/route53/probe.ts';
import { apexOf } from '../../local/route53/reply.ts';
import { type Route53, startRoute53 } from '../../local/route53/route53.ts';
import { HOSTNAME, hostnameOf, latencyMs, targetOf, twoRegions } from './two-regions.ts';
import { VirtualTimers } from './virtual-timers.ts';

const EDGE_PORTS: Record<string, number> = { 'us-east-1': 7001, 'us-west-2': 7002 };

/** Which Regions answer their `/health` with 200, and which are said to be evacuated. */
interface World {
  readonly up: Set<string>;
  readonly evacuated: Set<string>;
}

const probeOf =
  ({ up, evacuated }: World) =>
  async ({ port, path }: ProbeTarget): Promise<boolean> => {
    const region = port === 7001 ? 'us-east-1' : 'us-west-2';
    if (!up.has(region)) return false;
    const page = /^\/evacuated\/(.+)$/.exec(path);
    return page === null || evacuated.has(page[1] ?? '');
  };

let running: Route53 | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const begin = async (options: { seed?: number; failureThreshold?: number } = {}) => {
  const world: World = { up: new Set(['us-east-1', 'us-west-2']), evacuated: new Set() };
  const timers = new VirtualTimers();
  const route53 = await startRoute53({
    plan: twoRegions(options.failureThreshold),
    port: 0,
    edgePort: (region) => EDGE_PORTS[region] ?? 0,
    latencyMs: (region, from) => (region === from ? 0 : latencyMs(region)),
    seed: options.seed ?? 1,
    onHealthChange: () => {},
    onAnswerChange: () => {},
    timers,
    probe: probeOf(world),
  });
  running = route53;
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([`127.0.0.1:${route53.port}`]);
  const until = async (what: () => boolean): Promise<number> => {
    const fromMs = timers.nowMs();
    while (!what()) {
      if (timers.nowMs() - fromMs > 120_000) throw new Error('did not happen in two minutes of virtual time');
      await timers.advance(100);
    }
    return timers.nowMs() - fromMs;
  };
  return { world, timers, route53, resolver, until };
};

describe('DNS on the wire', () => {
  test('an A query is answered with the CNAME of the nearest Region and its address', async () => {
    const { resolver } = await begin();
    expect(await resolver.resolve4(HOSTNAME, { ttl: true })).toEqual([{ address: '127.0.0.1', ttl: 5 }]);
    expect(await resolver.resolveCname(HOSTNAME)).toEqual([targetOf('us-east-1')]);
    expect(await resolver.resolveCname(hostnameOf('us-west-2'))).toEqual([targetOf('us-west-2')]);
    expect(await resolver.resolve4(targetOf('us-west-2'))).toEqual(['127.0.0.1']);
  });

  test('somebody who stands in a Region is answered with that one', async () => {
    const { route53 } = await begin();
    expect([
      route53.answer()?.region,
      route53.answer('us-east-1')?.region,
      route53.answer('us-west-2')?.region,
    ]).toEqual(['us-east-1', 'us-east-1', 'us-west-2']);
  });

  test('names are found in any case', async () => {
    const { resolver } = await begin();
    expect(await resolver.resolve4(HOSTNAME.toUpperCase())).toEqual(['127.0.0.1']);
  });

  test('there is no IPv6 address, no such name in the zone, and no answer for other zones', async () => {
    const { resolver } = await begin();
    expect(await resolver.resolve6(HOSTNAME)).toEqual([]);
    await expect(resolver.resolve4(`nobody.${HOSTNAME}`)).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(resolver.resolve4('www.example.org')).rejects.toMatchObject({ code: 'EREFUSED' });
  });

  test.each([
    [['api.us.example.com', 'us-east-1.api.us.example.com'], 'us.example.com'],
    [['api.example.com', 'api-east.example.com'], 'example.com'],
    [['api.example.com'], 'example.com'],
  ])('the zone of %j is %s', (names, apex) => {
    expect(apexOf(names)).toBe(apex);
  });
});

describe('a Region that fails', () => {
  test('leaves the answer after detection (within an interval) and propagation (2 to 10 s)', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { world, route53, until } = await begin({ seed });
      expect(route53.answer()).toEqual({ region: 'us-east-1', target: targetOf('us-east-1'), ttlSeconds: 5 });
      world.up.delete('us-east-1');
      const detectedMs = await until(() => route53.regionHealth('us-east-1').health === 'unhealthy');
      expect(detectedMs).toBeGreaterThan(5_000);
      expect(detectedMs).toBeLessThanOrEqual(10_000);
      expect(route53.regionHealth('us-east-1').votes.healthy).toBeLessThanOrEqual(2);
      expect(route53.answer()?.region).toBe('us-east-1');
      const propagatedMs = await until(() => route53.answer()?.region === 'us-west-2');
      expect(propagatedMs).toBeGreaterThanOrEqual(2_000);
      expect(propagatedMs).toBeLessThanOrEqual(10_100);
      await route53.stop();
      running = undefined;
    }
  });

  test('at threshold 3 takes three intervals to be noticed', async () => {
    const { world, route53, until } = await begin({ failureThreshold: 3 });
    world.up.delete('us-east-1');
    const detectedMs = await until(() => route53.regionHealth('us-east-1').health === 'unhealthy');
    expect(detectedMs).toBeGreaterThan(25_000);
    expect(detectedMs).toBeLessThanOrEqual(30_000);
  });

  test('is answered again once it is healthy again', async () => {
    const { world, route53, until, timers } = await begin();
    world.up.delete('us-east-1');
    await until(() => route53.answer()?.region === 'us-west-2');
    world.up.add('us-east-1');
    const backMs = await until(() => route53.answer()?.region === 'us-east-1');
    expect(backMs).toBeLessThanOrEqual(20_000);
    await timers.advance(60_000);
    expect(route53.answer()?.region).toBe('us-east-1');
    expect(route53.regionHealth('us-east-1').votes).toEqual({ healthy: 16, counted: 16, total: 16 });
  });

  test('a flap shorter than the propagation moves nothing', async () => {
    const { world, route53, until, timers } = await begin();
    world.up.delete('us-east-1');
    await until(() => route53.regionHealth('us-east-1').health === 'unhealthy');
    world.up.add('us-east-1');
    await until(() => route53.regionHealth('us-east-1').health === 'healthy');
    const answers = new Set<string | undefined>();
    for (let step = 0; step < 300; step += 1) {
      answers.add(route53.answer()?.region);
      await timers.advance(100);
    }
    expect([...answers]).toEqual(['us-east-1']);
  });

  test('both unhealthy: both are served, the nearest one answers', async () => {
    const { world, route53, until, timers } = await begin();
    world.up.clear();
    await until(
      () => route53.answer()?.region === 'us-west-2' || route53.regionHealth('us-west-2').health === 'unhealthy',
    );
    await timers.advance(40_000);
    expect(route53.answer()?.region).toBe('us-east-1');
  });
});

describe('evacuation', () => {
  test('the peer that says so moves the answer and takes it back', async () => {
    const { world, route53, until } = await begin();
    expect(route53.regionHealth('us-east-1').evacuated).toBe(false);
    world.evacuated.add('us-east-1');
    await until(() => route53.answer()?.region === 'us-west-2');
    expect(route53.regionHealth('us-east-1')).toMatchObject({ health: 'healthy', evacuated: true });
    world.evacuated.delete('us-east-1');
    await until(() => route53.answer()?.region === 'us-east-1');
    expect(route53.regionHealth('us-east-1').evacuated).toBe(false);
  });

  test('a peer that is down evacuates nobody', async () => {
    const { world, route53, until, timers } = await begin();
    world.evacuated.add('us-east-1');
    await until(() => route53.answer()?.region === 'us-west-2');
    world.up.delete('us-west-2');
    await until(() => route53.answer()?.region === 'us-east-1');
    await timers.advance(30_000);
    expect(route53.answer()?.region).toBe('us-east-1');
  });
});
