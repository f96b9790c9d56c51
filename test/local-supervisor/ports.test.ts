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
      issuer: 4606,
      regions: {
        'us-east-1': {
          edge: 4607,
          dynamodb: 4608,
          engine: 4609,
          admin: 4610,
          gateway: 4611,
          sqs: 4612,
          ses: 4613,
          s3: 4614,
        },
        'us-west-2': {
          edge: 4615,
          dynamodb: 4616,
          engine: 4617,
          admin: 4618,
          gateway: 4619,
          sqs: 4620,
          ses: 4621,
          s3: 4622,
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
