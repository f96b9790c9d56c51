import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CommitLog, imageDigest } from '../../local/dynamodb/ledger/commit-log.ts';
import type { NewEntry } from '../../local/dynamodb/ledger/log-entry.ts';
import { Replica } from '../../local/dynamodb/ledger/replica.ts';
import { EAST, eventually, removeDirectory, temporaryDirectory } from './ledger-fixture.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

let directory: string;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => removeDirectory(directory));

const change = (item: string, image: string, atMs: number): NewEntry => ({
  table: 'ledger',
  item,
  partition: item,
  key: '{}',
  oldImage: null,
  newImage: image,
  atMs,
  origin: EAST,
  witnessOnly: false,
});

const image = (n: number): string => `{"n":{"N":"${n}"}}`;

test('past 24 hours only the digest of an image is kept, and numbers go on', () => {
  const log = CommitLog.open(directory, 0);
  log.append(change('old', image(1), 0));
  log.append(change('new', image(2), 2 * HOUR_MS));
  log.close();

  const later = CommitLog.open(directory, DAY_MS + HOUR_MS);
  expect(later.all().map((entry) => [entry.seq, entry.item, entry.newImage])).toEqual([[2, 'new', '{"n":{"N":"2"}}']]);
  expect([...later.knownAtOpen.keys()].sort()).toEqual(['new', 'old']);
  later.close();

  const muchLater = CommitLog.open(directory, 3 * DAY_MS);
  expect(muchLater.all()).toEqual([]);
  expect(muchLater.knownAtOpen.get('old')).toBe(imageDigest(image(1)));
  expect(muchLater.append(change('next', image(3), 3 * DAY_MS)).seq).toBe(3);
  muchLater.close();
});

test('a torn last line is cut off, and nothing is written behind it', () => {
  const log = CommitLog.open(directory, 0);
  log.append(change('whole', image(1), 0));
  log.close();
  appendFileSync(join(directory, 'commit-log.jsonl'), '{"seq":2,"table":"led');

  const reopened = CommitLog.open(directory, 0);
  expect(reopened.append(change('after', image(2), 0)).seq).toBe(2);
  reopened.close();
  const again = CommitLog.open(directory, 0);
  expect(again.all().map((entry) => entry.item)).toEqual(['whole', 'after']);
  again.close();
});

test('positions of a stream are never given twice, even when what had them is past retention', async () => {
  const options = {
    region: EAST,
    appliedFile: join(directory, 'applied.log'),
    tables: ['ledger'],
    lagMs: () => 0,
    catchUpPerSecond: 1000,
    minimumCatchUpMs: 0,
  };
  const last = (replica: Replica): number =>
    Math.max(...[0, 1, 2, 3].map((shard) => replica.stream('ledger')?.last(shard) ?? 0));
  const log = CommitLog.open(directory, 0);
  const replica = new Replica(options, log);
  log.append(change('a', image(1), 0));
  log.append(change('b', image(2), 0));
  await eventually('both are applied', async () => last(replica) === 2);
  replica.close();
  log.close();

  const emptied = CommitLog.open(directory, 2 * DAY_MS);
  const restarted = new Replica(options, emptied);
  expect(last(restarted)).toBe(0);
  emptied.append(change('c', image(3), 2 * DAY_MS));
  await eventually('it is applied', async () => last(restarted) === 3);
  restarted.close();
  emptied.close();
});
