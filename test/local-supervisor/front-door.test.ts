import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createFrontDoor, type Passage } from '../../local/front-door/front-door.ts';
import { endToEndHeaders } from '../../local/front-door/headers.ts';
import { type Lookup, udpLookup } from '../../local/front-door/lookup.ts';
import { NameCache } from '../../local/front-door/name-cache.ts';
import { startDnsServer } from '../../local/route53/dns-server.ts';
import { replyTo } from '../../local/route53/reply.ts';
import { HOSTNAME, latencyMs, targetOf, twoRegions } from './two-regions.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
});

const listening = async (server: Server): Promise<number> => {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
};

const edge = (answer: (incoming: IncomingMessage, outgoing: ServerResponse) => unknown) =>
  listening(createServer(answer));
const saying = (text: string) => edge((_incoming, outgoing) => outgoing.end(text));

/** A front door in a world of two Regions whose DNS answer and clock the test turns. */
const begin = async (east: number, west: number) => {
  const world = { answer: targetOf('us-east-1'), nowMs: 0, lookups: 0 };
  const ports = new Map([
    [targetOf('us-east-1'), east],
    [targetOf('us-west-2'), west],
  ]);
  const passages: Passage[] = [];
  const lookup: Lookup = async () => {
    world.lookups += 1;
    if (world.answer === '') throw new Error('no answer');
    return { target: world.answer, ttlSeconds: 5 };
  };
  const door = createFrontDoor({
    hostname: HOSTNAME,
    names: new NameCache(lookup, HOSTNAME, () => world.nowMs),
    portOf: (target) => ports.get(target),
    onPassage: (passage) => passages.push(passage),
  });
  return { world, passages, url: `http://127.0.0.1:${await listening(door)}` };
};

const DEAD_PORT = 1;
const textOf = async (url: string): Promise<string> => (await fetch(url)).text();

describe('where a request goes', () => {
  test('the answer is kept for its TTL, to the millisecond, and asked for once by many requests', async () => {
    const { world, url } = await begin(await saying('east'), await saying('west'));
    expect(await Promise.all([textOf(url), textOf(url), textOf(url)])).toEqual(['east', 'east', 'east']);
    expect(world.lookups).toBe(1);
    world.answer = targetOf('us-west-2');
    world.nowMs = 4_999;
    expect(await textOf(url)).toBe('east');
    world.nowMs = 5_000;
    expect(await textOf(url)).toBe('west');
    expect(world.lookups).toBe(2);
  });

  test('a dead Region is a 502, sent once, until DNS says otherwise', async () => {
    const { world, url } = await begin(DEAD_PORT, await saying('west'));
    const refused = await fetch(`${url}/v1/accounts/us_a/payments`, { method: 'POST', body: '{}' });
    expect(refused.status).toBe(502);
    expect(await refused.json()).toEqual({
      message: `${targetOf('us-east-1')} (127.0.0.1:1) did not answer: connect ECONNREFUSED 127.0.0.1:1`,
    });
    world.answer = targetOf('us-west-2');
    expect((await fetch(url)).status).toBe(502);
    world.nowMs = 5_000;
    expect(await textOf(url)).toBe('west');
  });

  test('a Region that dies in the middle of a request is a 502 and the request is not sent again', async () => {
    let seen = 0;
    const east = await edge((incoming) => {
      seen += 1;
      incoming.socket.destroy();
    });
    const { url } = await begin(east, await saying('west'));
    const refused = await fetch(url, { method: 'POST', body: '{"amountMinor":1}' });
    expect(refused.status).toBe(502);
    expect(((await refused.json()) as { message: string }).message).toMatch(
      /did not answer: (socket hang up|read ECONNRESET)/,
    );
    expect(seen).toBe(1);
  });

  test('kept connections to the Region DNS has left are closed, and a request under way there ends well', async () => {
    let finish: () => void = () => {};
    const eastServer = createServer((incoming, outgoing) => {
      if (incoming.url === '/slow') finish = () => outgoing.end('slow east');
      else outgoing.end('east');
    });
    const east = await listening(eastServer);
    const { world, url } = await begin(east, await saying('west'));
    const slow = textOf(`${url}/slow`);
    expect(await textOf(url)).toBe('east');
    world.answer = targetOf('us-west-2');
    world.nowMs = 5_000;
    expect(await textOf(url)).toBe('west');
    finish();
    expect(await slow).toBe('slow east');
    const connections = () => new Promise((resolve) => eastServer.getConnections((_error, count) => resolve(count)));
    while ((await connections()) !== 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});

describe('what is told of each request', () => {
  test('where it was sent and how it ended, once', async () => {
    const west = await edge((_incoming, outgoing) => outgoing.writeHead(429).end());
    const { world, passages, url } = await begin(DEAD_PORT, west);
    await textOf(url);
    world.answer = targetOf('us-west-2');
    world.nowMs = 5_000;
    await textOf(url);
    world.answer = '';
    world.nowMs = 10_000;
    await textOf(url);
    expect(passages.map(({ tookMs: _, ...passage }) => passage)).toEqual([
      { target: targetOf('us-east-1') },
      { target: targetOf('us-west-2'), status: 429 },
      {},
    ]);
  });

  test('the time until the answer begins, and a break after it is no second word', async () => {
    const east = await edge((_incoming, outgoing) => {
      setTimeout(() => {
        outgoing.write('half');
        setTimeout(() => outgoing.destroy(), 20);
      }, 60);
    });
    const { passages, url } = await begin(east, DEAD_PORT);
    await expect(textOf(url)).rejects.toThrow('terminated');
    expect(passages).toEqual([{ target: targetOf('us-east-1'), status: 200, tookMs: expect.any(Number) }]);
    expect(passages[0]?.tookMs).toBeGreaterThanOrEqual(55);
  });
});

describe('what passes', () => {
  test('method, path, query, headers and body as they are; Host is the public name; nothing is added', async () => {
    const east = await edge(async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const { method, url, headers } = incoming;
      outgoing.writeHead(201, 'Made', { 'Baseload-Region': 'us-east-1', 'Set-Cookie': ['a=1', 'b=2'] });
      outgoing.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
    });
    const { url } = await begin(east, DEAD_PORT);
    const port = new URL(url).port;
    const outgoing = request({
      port,
      method: 'POST',
      path: '/v1/a?b=%20c',
      headers: {
        'Idempotency-Key': 'k',
        'Content-Type': 'application/json',
        'Content-Length': 2,
        'Proxy-Connection': 'x',
      },
    });
    outgoing.end('{}');
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    expect(answer.statusCode).toBe(201);
    expect(answer.statusMessage).toBe('Made');
    expect(answer.headers['baseload-region']).toBe('us-east-1');
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(JSON.parse(Buffer.concat(chunks).toString())).toEqual({
      method: 'POST',
      url: '/v1/a?b=%20c',
      headers: {
        host: HOSTNAME,
        'idempotency-key': 'k',
        'content-type': 'application/json',
        'content-length': '2',
        connection: 'keep-alive',
      },
      body: '{}',
    });
  });

  test('an answer is passed on as it comes', async () => {
    let more: (text: string) => void = () => {};
    const east = await edge((_incoming, outgoing) => {
      outgoing.write('first ');
      more = (text) => outgoing.end(text);
    });
    const { url } = await begin(east, DEAD_PORT);
    const answer = await fetch(url);
    const reader = answer.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first ');
    more('second');
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('second');
  });

  test('headers of one connection do not, nor those that Connection names', () => {
    expect(
      endToEndHeaders(
        ['Connection', 'close, X-Once', 'x-once', '1', 'TE', 'trailers', 'Accept', '*/*', 'HOST', 'h'],
        ['host'],
      ),
    ).toEqual(['Accept', '*/*']);
  });
});

describe('a lookup over UDP', () => {
  test('gives the last name of the chain and the shortest TTL', async () => {
    const plan = twoRegions();
    const zone = {
      records: plan.records,
      health: new Map(),
      latencyMs,
      apex: 'us.billing.example.com',
      targets: new Set([targetOf('us-east-1'), targetOf('us-west-2')]),
    };
    const dns = await startDnsServer(0, (query) => replyTo(zone, query));
    expect(await udpLookup(dns.port)(HOSTNAME)).toEqual({ target: targetOf('us-east-1'), ttlSeconds: 5 });
    await expect(udpLookup(dns.port)('nobody.us.billing.example.com')).rejects.toThrow(
      'DNS has no address for nobody.us.billing.example.com',
    );
    await dns.close();
  });
});
