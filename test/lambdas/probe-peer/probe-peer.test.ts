// Owns the proof of what a Region says of its peer and of routing, asked over real HTTP.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { HttpRegionPages } from '../../../lambdas/adapters/http-region-pages.ts';
import { MemoryRegionState } from '../../../lambdas/adapters/memory/region-state.ts';
import { RegionStateUnavailable } from '../../../lambdas/ports/region-state.ts';
import { createProbePeerHandler, type ProbePeerDeps } from '../../../lambdas/probe-peer/create-probe-peer-handler.ts';
import { METRICS } from '../../../lambdas/shared/metric-names.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';

/** One Region's public page: what it answers, and how often it was asked. `null` never answers. */
class Page {
  asked = 0;
  answers: (number | null)[] = [200];
  readonly server: Server = createServer((request, response) => {
    const status = this.answers[Math.min(this.asked, this.answers.length - 1)] ?? null;
    this.asked += 1;
    if (status === null) return;
    response.writeHead(request.url === '/health' ? status : 404, { location: 'http://127.0.0.1:1/' }).end('{}');
  });
  hostname = '';
  open = () =>
    new Promise<void>((resolve) =>
      this.server.listen(0, '127.0.0.1', () => {
        this.hostname = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
        resolve();
      }),
    );
  close = () =>
    new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
}

let own: Page;
let peer: Page;
let routed: Page;
let pauses: number[];
let telemetry: RecordingTelemetry;
let regionState: MemoryRegionState;

beforeEach(async () => {
  [own, peer, routed] = [new Page(), new Page(), new Page()];
  await Promise.all([own.open(), peer.open(), routed.open()]);
  pauses = [];
  telemetry = new RecordingTelemetry();
  regionState = new MemoryRegionState();
});
afterEach(() => Promise.all([own.close(), peer.close(), routed.close()]));

const probe = (changes: Partial<ProbePeerDeps> = {}): Promise<void> =>
  createProbePeerHandler({
    peer: 'us-west-2',
    hostnames: { own: own.hostname, peer: peer.hostname, routed: routed.hostname },
    pages: new HttpRegionPages(200, 'http'),
    regionState,
    pacing: { pause: async (attempt) => void pauses.push(attempt) },
    telemetry,
    ...changes,
  })();

const said = () => ({
  peer: telemetry.counts.get(METRICS.peerHealthy),
  routing: telemetry.counts.get(METRICS.routingAnswers),
});

test('a healthy peer and routing that leads somewhere: 1 and 1, each asked once', async () => {
  await probe();
  expect(said()).toEqual({ peer: 1, routing: 1 });
  expect([own.asked, peer.asked, routed.asked, pauses.length, telemetry.flushes]).toEqual([1, 1, 1, 0, 1]);
  expect(telemetry.lines).toEqual([]);
});

test('one lost answer is no outage', async () => {
  peer.answers = [null, 503, 200];
  await probe();
  expect(said()).toEqual({ peer: 1, routing: 1 });
  expect([peer.asked, pauses]).toEqual([3, [1, 2]]);
});

test('a peer that says 503 three times is not healthy, and is not asked a fourth time', async () => {
  peer.answers = [503];
  await probe();
  expect(said()).toEqual({ peer: 0, routing: 1 });
  expect(peer.asked).toBe(3);
  expect(telemetry.lines).toEqual([
    { level: 'warn', message: 'the peer is not healthy', fields: { region: 'us-west-2', reason: 'answered 503' } },
  ]);
});

test('a peer that never answers, one that is not there, and one that redirects are not healthy', async () => {
  peer.answers = [null];
  await probe();
  expect(said().peer).toBe(0);
  expect(telemetry.text).toContain('aborted due to timeout');

  await peer.close();
  telemetry = new RecordingTelemetry();
  await probe();
  expect(said().peer).toBe(0);
  expect(telemetry.text).toContain('ECONNREFUSED');

  peer = new Page();
  peer.answers = [301];
  await peer.open();
  telemetry = new RecordingTelemetry();
  await probe();
  expect(said().peer).toBe(0);
  expect(telemetry.text).toContain('answered 301');
});

test('a peer that was evacuated may be down', async () => {
  peer.answers = [null];
  await regionState.setEvacuated('us-west-2', true);
  await probe();
  expect(said()).toEqual({ peer: 1, routing: 1 });
  expect(telemetry.text).toContain('the evacuated peer is not healthy');
});

test('whether a dead peer is evacuated is not known: it counts as not evacuated', async () => {
  peer.answers = [503];
  await probe({
    regionState: {
      isEvacuated: () => Promise.reject(new RegionStateUnavailable('GetItem failed after 4 attempt(s): timeout')),
    },
  });
  expect(said().peer).toBe(0);
  expect(telemetry.text).toContain('whether the peer is evacuated is not known');
});

test('the payers’ hostname leads to no healthy Region although one is', async () => {
  routed.answers = [503];
  peer.answers = [503];
  await probe();
  expect(said()).toEqual({ peer: 0, routing: 0 });
  expect(telemetry.text).toContain('the payers’ hostname leads to no healthy Region');
});

test('when no Region is healthy from here, routing is not judged', async () => {
  for (const page of [own, peer, routed]) page.answers = [503];
  await probe();
  expect(said()).toEqual({ peer: 0, routing: undefined });
  expect(telemetry.text).toContain('no Region is healthy from here');
});
