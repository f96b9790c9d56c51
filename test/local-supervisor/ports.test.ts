import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { choosePorts, layOut } from '../../local/supervisor/ports.ts';

const REGIONS = ['us-east-1', 'us-west-2'];

describe('the ports of a run', () => {
  test('follow on the base, always in the same order', () => {
    expect(layOut(4600, REGIONS)).toEqual({
      api: 4600,
      control: 4601,
      dns: 4602,
      ledgerEngine: 4603,
      ledgerAdmin: 4604,
      processor: 4605,
      regions: {
        'us-east-1': {
          edge: 4606,
          dynamodb: 4607,
          engine: 4608,
          admin: 4609,
          gateway: 4610,
          sqs: 4611,
          ses: 4612,
          s3: 4613,
        },
        'us-west-2': {
          edge: 4614,
          dynamodb: 4615,
          engine: 4616,
          admin: 4617,
          gateway: 4618,
          sqs: 4619,
          ses: 4620,
          s3: 4621,
        },
      },
    });
  });

  test('a busy one is named, TCP and UDP', async () => {
    const { api: base } = await choosePorts(0, REGIONS);
    const tcp = createServer();
    await once(tcp.listen(base + 7, '127.0.0.1'), 'listening');
    await expect(choosePorts(base, REGIONS)).rejects.toThrow(
      `port ${base + 7} is in use: stop what listens there, or choose others with --port-base N (0 takes free ones)`,
    );
    tcp.close();
    await once(tcp, 'close');
    const udp = createSocket('udp4');
    udp.bind(base + 2, '127.0.0.1');
    await once(udp, 'listening');
    await expect(choosePorts(base, REGIONS)).rejects.toThrow(`port ${base + 2} is in use`);
    udp.close();
    await once(udp, 'close');
    expect(await choosePorts(base, REGIONS)).toEqual(layOut(base, REGIONS));
  });

  test('free ones are looked for below those of outgoing connections, past a busy block', async () => {
    const [first, second] = [layOut(20_480, REGIONS), layOut(25_600, REGIONS)];
    const tcp = createServer();
    await once(tcp.listen(first.api, '127.0.0.1'), 'listening');
    const draws = [0.471, 0.7059];
    const ports = await choosePorts(0, REGIONS, () => draws.shift() ?? 0);
    tcp.close();
    expect(ports.api).toBe(second.api);
  });
});
