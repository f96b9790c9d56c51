// Owns what an operator of a run sees of one account's chain of seals: in the ledger, as each Region has verified it, in the archives.
// Leaves to the proofs what must hold, to harness.ts and own-run.ts the run.

import type { Harness } from '../../drills/pair/harness.ts';
import { moveClock } from '../../drills/pair/own-run.ts';
import { Dynamo } from '../../lambdas/adapters/dynamo/client.ts';
import { DynamoSealLog } from '../../lambdas/adapters/dynamo/seal-log.ts';
import { DynamoSealWork } from '../../lambdas/adapters/dynamo/seal-work.ts';
import { createS3Client, S3Archive } from '../../lambdas/adapters/s3/archive.ts';
import type { AccountId } from '../../lambdas/domain/ids.ts';
import { type Seal, sealBucketOf } from '../../lambdas/domain/seal.ts';
import type { ArchivedSeal } from '../../lambdas/ports/archive.ts';
import { archiveBucketName } from '../../lambdas/shared/names.ts';
import { account } from '../contract/facts.ts';
import { CREDENTIALS, TABLES } from '../engine/tables.ts';

/** Of an assembly that was synthesized for no account. */
const AWS_ACCOUNT = '123456789012';
const MOST_SEALS = 1_000;
const SCHEDULE = 'baseload-us-seal-windows';
/** Less than what alarms take for a gap that nobody lived through. */
const SKIPPED_MS = 50_000;

export class SealedChain {
  readonly accountId: AccountId;
  readonly bucket: number;

  constructor(
    private readonly baseload: Harness,
    accountId: string,
  ) {
    this.accountId = account(accountId);
    this.bucket = sealBucketOf(this.accountId);
  }

  /** As the ledger has them. @throws CorruptSeal */
  async seals(): Promise<readonly Seal[]> {
    const [region = ''] = this.baseload.regionNames;
    const { seals, corrupt } = await this.#asking(region, (dynamo) =>
      new DynamoSealLog(dynamo, TABLES.ledger).after(this.bucket, 0, MOST_SEALS),
    );
    if (corrupt !== undefined) throw corrupt;
    return seals;
  }

  /** The account's facts that are sealed, as often as they are. */
  async sealedKeys(): Promise<readonly string[]> {
    const members = (await this.seals()).flatMap((seal) => seal.members);
    return members.flatMap(({ accountId, key }) => (accountId === this.accountId ? [key] : []));
  }

  /** The ordinal up to which the Region has verified it; 0 for none. */
  async verifiedIn(region: string): Promise<number> {
    const heads = await this.#asking(region, (dynamo) => new DynamoSealWork(dynamo, TABLES.sealWork).heads());
    return heads.get(this.bucket)?.ordinal ?? 0;
  }

  /** Every object of it in the Region's archive, in order. @throws CorruptArchive */
  async archivedIn(region: string): Promise<readonly ArchivedSeal[]> {
    const { s3 } = await this.baseload.wiring();
    const client = createS3Client({ region, endpoint: String(s3[region]), credentials: CREDENTIALS });
    const archive = new S3Archive(client, archiveBucketName('us', region, AWS_ACCOUNT));
    try {
      const chain: ArchivedSeal[] = [];
      for (const ordinal of await archive.list(this.bucket, 0, MOST_SEALS)) {
        const archived = await archive.read(this.bucket, ordinal);
        if (archived !== undefined) chain.push(archived);
      }
      return chain;
    } finally {
      client.destroy();
    }
  }

  async #asking<T>(region: string, ask: (dynamo: Dynamo) => Promise<T>): Promise<T> {
    const endpoint = await this.baseload.dynamodb(region);
    const dynamo = new Dynamo({ endpoint, region, credentials: CREDENTIALS });
    try {
      return await ask(dynamo);
    } finally {
      dynamo.destroy();
    }
  }
}

/**
 * Most of a minute by the run's clock, then `seal-windows` in each of `regions` once what was written since has come through their streams: what
 * a Region lacks then is missing there.
 */
export const aMinuteLater = async (baseload: Harness, regions = baseload.regionNames): Promise<void> => {
  await moveClock(baseload, SKIPPED_MS);
  for (const region of regions) {
    await baseload.waitFor(`${region} has come through the jump`, async () => {
      const { health, viewLagMs } = (await baseload.state()).regions[region] ?? {};
      return health === 'healthy' && viewLagMs === 0;
    });
    // One at a time: the jump has called it too.
    await baseload.waitFor(`seals are worked on in ${region}`, async () => {
      const { status } = await baseload.control('POST', `/api/schedules/${SCHEDULE}/run?region=${region}`);
      return status === 200;
    });
  }
};
