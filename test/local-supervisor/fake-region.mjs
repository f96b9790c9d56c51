// Stands in for a Region's process in tests of its supervisor: an edge that is healthy, an admin port, a child of its own.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const config = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const engine = spawn('sleep', ['60'], { stdio: 'ignore' });
writeFileSync(`${config.dataDir}.engine-pid`, String(engine.pid));
writeFileSync(`${config.dataDir}.isolated`, String(config.isolated));

const health = createServer((incoming, outgoing) => {
  if (incoming.url === '/die') process.kill(process.pid, 'SIGKILL');
  outgoing.writeHead(config.isolated || config.dataDir.endsWith('unwell') ? 503 : 200).end('{}');
});
const keepClock = (offsetMs) => writeFileSync(`${config.dataDir}.clock`, String(offsetMs));
keepClock(config.clockOffsetMs);
const admin = createServer((incoming, outgoing) => {
  if (incoming.url === '/clock') {
    incoming.on('data', (body) => keepClock(JSON.parse(body).offsetMs)).on('end', () => outgoing.end('{}'));
    return;
  }
  config.isolated = incoming.url === '/isolate';
  outgoing.end('{}');
});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
if (config.dataDir.endsWith('broken')) {
  process.stderr.write('listen EADDRINUSE: address already in use 127.0.0.1:1\n');
  process.exit(1);
}
health.listen(config.ports.edge, '127.0.0.1', () =>
  admin.listen(config.ports.admin, '127.0.0.1', () => process.send?.({ kind: 'ready' })),
);
