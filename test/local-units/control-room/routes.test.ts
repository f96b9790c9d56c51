import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { onlyThisMachine } from '../../../local/control/guard.ts';
import { NothingToDamage } from '../../../local/control-room/corruption.ts';
import { DrillReports } from '../../../local/control-room/drill-reports.ts';
import type { Live, Opening } from '../../../local/control-room/live.ts';
import { PageAssets } from '../../../local/control-room/page-assets.ts';
import { addControlRoomRoutes } from '../../../local/control-room/routes.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'baseload-reports-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const HOST = '127.0.0.1:4601';

const begin = () => {
  const told: string[] = [];
  const viewers = new Set<(live: Live) => void>();
  const say = (what: string) => async () => {
    told.push(what);
  };
  const app = new Hono();
  app.use(onlyThisMachine(() => 4601));
  addControlRoomRoutes(app, {
    room: {
      opening: { hostname: 'billing.example.com' } as Opening,
      watch: (viewer) => {
        viewers.add(viewer);
        return () => viewers.delete(viewer);
      },
      startPayers: say('payers start'),
      stopPayers: () => {
        told.push('payers stop');
      },
      startFlood: say('flood start'),
      stopFlood: () => {
        told.push('flood stop');
      },
      flipBit: async (region, where) => {
        if (where === 'view') throw new NothingToDamage('not yet');
        told.push(`flip ${where} ${region}`);
      },
      poison: async (region, queue, count) => {
        told.push(`poison ${region} ${queue} ${count}`);
      },
    },
    regions: ['us-east-1', 'us-west-2'],
    queues: ['settlements'],
    page: new PageAssets(),
    reports: new DrillReports(dir),
  });
  const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    app.request(`http://${HOST}${path}`, {
      method,
      headers: { host: HOST, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { ask, told, viewers };
};

describe('the page', () => {
  test('is served with a policy that lets it ask nobody else, and its parts are of this server', async () => {
    const { ask } = begin();
    const page = await ask('GET', '/');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    const html = await page.text();
    expect(html.match(/(?:src|href)="[^"]*"/g)).toEqual(['href="data:,"', 'href="/page.css"', 'src="/page.js"']);
    expect(html).not.toMatch(/ style="|<style|<script>/);
    const script = await (await ask('GET', '/page.js')).text();
    expect(script).toContain('/api/live');
    expect(script.length).toBeLessThan(120_000);
    const css = await (await ask('GET', '/page.css')).text();
    expect(css).toContain('.uplot');
    expect(css).not.toMatch(/@import|url\(/);
  });

  test('is not served to a stray page or under another name', async () => {
    const { ask, told } = begin();
    expect((await ask('GET', '/', undefined, { host: 'evil.example' })).status).toBe(403);
    expect((await ask('POST', '/api/flood/start', undefined, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await ask('GET', '/api/live', undefined, { origin: 'http://evil.example' })).status).toBe(403);
    expect(told).toEqual([]);
  });

  test('is told what does not change, then every second; who leaves is not told any more', async () => {
    const { ask, viewers } = begin();
    const response = await ask('GET', '/api/live');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const next = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await next()).toBe('event: opening\ndata: {"hostname":"billing.example.com"}\n\n');
    while (viewers.size === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    for (const tell of viewers) tell({ atMs: 7 } as Live);
    expect(await next()).toBe('event: live\ndata: {"atMs":7}\n\n');
    await reader.cancel();
    expect(viewers.size).toBe(0);
  });
});

describe('orders', () => {
  test.each([
    ['/api/payers/start', 'payers start'],
    ['/api/payers/stop', 'payers stop'],
    ['/api/flood/start', 'flood start'],
    ['/api/flood/stop', 'flood stop'],
  ])('%s', async (path, what) => {
    const { ask, told } = begin();
    const response = await ask('POST', path);
    expect([response.status, await response.json(), told]).toEqual([200, { done: true }, [what]]);
  });

  test('a bit is flipped in the ledger or a view of a Region; what cannot be yet is a 409', async () => {
    const { ask, told } = begin();
    expect((await ask('POST', '/api/flip-bit', { region: 'us-west-2', where: 'ledger' })).status).toBe(200);
    expect(told).toEqual(['flip ledger us-west-2']);
    const early = await ask('POST', '/api/flip-bit', { region: 'us-west-2', where: 'view' });
    expect([early.status, await early.json()]).toEqual([409, { message: 'not yet' }]);
    const wrong = await ask('POST', '/api/flip-bit', { region: 'eu-west-1', where: 'moon' });
    expect(wrong.status).toBe(400);
    expect(((await wrong.json()) as { message: string }).message).toMatch(/→ at region[\s\S]*→ at where/);
  });

  test('poison goes on a queue that is worked, 0 takes it back', async () => {
    const { ask, told } = begin();
    const poison = (region: string, queue: string, body: unknown) =>
      ask('POST', `/api/queues/${region}/${queue}/poison`, body);
    expect((await poison('us-east-1', 'settlements', { count: 3 })).status).toBe(200);
    expect((await poison('us-east-1', 'settlements', { count: 0 })).status).toBe(200);
    expect(told).toEqual(['poison us-east-1 settlements 3', 'poison us-east-1 settlements 0']);
    expect((await poison('us-east-1', 'settlements', { count: 101 })).status).toBe(400);
    const unknown = await poison('us-east-1', 'dreams', { count: 1 });
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      { message: 'unknown queue dreams: there are settlements' },
    ]);
    expect(await (await poison('eu-west-1', 'settlements', { count: 1 })).json()).toEqual({
      message: 'unknown Region eu-west-1: there are us-east-1, us-west-2',
    });
  });
});

describe('drill reports', () => {
  test('none, when no drill has run', async () => {
    rmSync(dir, { recursive: true });
    expect(await (await begin().ask('GET', '/api/drill-reports')).json()).toEqual({ reports: [] });
    mkdirSync(dir);
  });

  test('the newest first, each opened under a policy of its own', async () => {
    writeFileSync(join(dir, 'partition.html'), '<h1>old</h1>');
    utimesSync(join(dir, 'partition.html'), 1, 1);
    mkdirSync(join(dir, 'region-loss'));
    writeFileSync(join(dir, 'region-loss', 'index.html'), '<h1>new</h1>');
    writeFileSync(join(dir, 'region-loss', 'report.json'), '{}');
    utimesSync(join(dir, 'region-loss', 'index.html'), 2, 2);
    const { ask } = begin();
    expect(await (await ask('GET', '/api/drill-reports')).json()).toEqual({
      reports: [
        { name: 'region-loss', href: '/drill-reports/region-loss/index.html', atMs: 2_000 },
        { name: 'partition', href: '/drill-reports/partition.html', atMs: 1_000 },
      ],
    });
    const report = await ask('GET', '/drill-reports/region-loss/index.html');
    expect([await report.text(), report.headers.get('content-type')]).toEqual([
      '<h1>new</h1>',
      'text/html; charset=utf-8',
    ]);
    expect(report.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await ask('GET', '/drill-reports/region-loss/report.json')).status).toBe(200);
  });

  test('nothing outside of their folder, and no other kind of file', async () => {
    writeFileSync(join(dir, 'notes.txt'), 'x');
    const reports = new DrillReports(join(dir, 'reports'));
    mkdirSync(join(dir, 'reports'));
    writeFileSync(join(dir, 'secret.json'), '{}');
    expect(reports.read('../secret.json')).toBeUndefined();
    expect(reports.read(join(dir, 'secret.json'))).toBeUndefined();
    const { ask } = begin();
    expect((await ask('GET', '/drill-reports/notes.txt')).status).toBe(404);
    expect((await ask('GET', '/drill-reports/..%2F..%2Fpackage.json')).status).toBe(404);
  });
});
