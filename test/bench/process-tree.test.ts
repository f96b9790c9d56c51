import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { cpuMsOfTree } from '../../bench/local-stack/process-tree.ts';

test('the CPU time of a child counts for the part that its command names, and for no other', async () => {
  const burning = 'while (process.cpuUsage().user < 300_000); console.log("burnt"); setInterval(() => {}, 1_000)';
  const child = spawn(process.execPath, ['-e', burning, 'the-part-that-burns'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    await once(child.stdout, 'data');
    const spent = cpuMsOfTree(process.pid, { burning: 'the-part-that-burns', other: 'a-part-that-does-not-run' });
    expect(spent.burning).toBeGreaterThanOrEqual(250);
    expect(spent.other).toBe(0);
  } finally {
    child.kill();
  }
});
