// Owns a function as its callers reach it: the version that its alias names and, while a deployment shifts, a newer one with a share.
// Leaves to local/codedeploy when the shares change, to pool.ts how events are spread over threads.
import type { InvocationResult } from './invocation.ts';
import type { FunctionPool } from './pool.ts';

export interface VersionsOptions {
  /** Directory of the bundle of the first version. */
  readonly assetDir: string;
  /** Invocations under way at once, waiting ones and all versions included, before Lambda would throttle. */
  readonly concurrency: number;
  /** Where nothing calls through an alias: there is one version, which Lambda names `$LATEST`. */
  readonly hasAlias: boolean;
  readonly openPool: (version: string, assetDir: string) => FunctionPool;
  /** From 0 to 1, one for each event while there are two versions. */
  readonly random: () => number;
}

/** Invocations that ended while there were two versions the last time, throttled ones left out. */
export interface Taken {
  readonly byOld: number;
  readonly byNew: number;
}

interface Next {
  readonly version: string;
  readonly pool: FunctionPool;
  readonly share: number;
}

export class FunctionVersions {
  #version: string;
  #pool: FunctionPool;
  #next: Next | undefined;
  #published = 1;
  #underWay = 0;
  #byOld = 0;
  #byNew = 0;
  readonly #retiring = new Set<FunctionPool>();

  constructor(private readonly options: VersionsOptions) {
    this.#version = options.hasAlias ? '1' : '$LATEST';
    this.#pool = options.openPool(this.#version, options.assetDir);
  }

  get version(): string {
    return this.#version;
  }

  get taken(): Taken {
    return { byOld: this.#byOld, byNew: this.#byNew };
  }

  /** Never rejects. Which version runs an event is drawn anew for each, a retry included, as Lambda does. */
  async invoke(event: string): Promise<InvocationResult> {
    if (this.#underWay >= this.options.concurrency) return { kind: 'throttled' };
    this.#underWay += 1;
    const next = this.#next;
    const isForNew = next !== undefined && this.options.random() < next.share;
    const pool = isForNew ? next.pool : this.#pool;
    try {
      const result = await pool.invoke(event);
      if (next !== undefined && next === this.#next && result.kind !== 'throttled') {
        if (isForNew) this.#byNew += 1;
        else this.#byOld += 1;
      }
      return result;
    } finally {
      this.#underWay -= 1;
    }
  }

  /**
   * Publishes `assetDir` as the next version, and gives it `share` of the events; gives back its number.
   * @throws Error when the function has no alias, or another version has a share already
   */
  begin(assetDir: string, share: number): string {
    if (!this.options.hasAlias) throw new Error('it has no alias that could be shifted');
    if (this.#next !== undefined)
      throw new Error(`version ${this.#next.version} has ${this.#next.share} of its events`);
    this.#published += 1;
    const version = String(this.#published);
    this.#next = { version, pool: this.options.openPool(version, assetDir), share };
    [this.#byOld, this.#byNew] = [0, 0];
    return version;
  }

  /** The next version takes all events; what the one before is at ends as it would. */
  promote(): void {
    if (this.#next === undefined) return;
    this.#retire(this.#pool);
    ({ version: this.#version, pool: this.#pool } = this.#next);
    this.#next = undefined;
  }

  /** The version before takes all events again; what the next one is at ends as it would. */
  goBack(): void {
    if (this.#next === undefined) return;
    this.#retire(this.#next.pool);
    this.#next = undefined;
  }

  async close(): Promise<void> {
    await Promise.all([
      this.#pool.close(),
      this.#next?.pool.close(),
      ...[...this.#retiring].map((pool) => pool.close()),
    ]);
  }

  #retire(pool: FunctionPool): void {
    this.#retiring.add(pool);
    void pool.retire().finally(() => this.#retiring.delete(pool));
  }
}
