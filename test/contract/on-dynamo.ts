// Owns an engine with tables, a proxy before it and connections through it, for the length of one test file.
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { AwsClientOptions } from '../../lambdas/adapters/aws-client.ts';
import { Dynamo } from '../../lambdas/adapters/dynamo/client.ts';
import { type FaultProxy, startFaultProxy } from '../engine/fault-proxy.ts';
import { type Engine, startEngine } from '../engine/start-engine.ts';
import { CREDENTIALS, createTables, REGION } from '../engine/tables.ts';

export interface OnDynamo {
  readonly engine: Engine;
  readonly proxy: FaultProxy;
  /** Through the proxy, with the deadlines that are deployed. */
  readonly dynamo: Dynamo;
  /** Another connection, closed at the end. */
  connect(options?: Partial<AwsClientOptions>): Dynamo;
}

/** Registers start and stop with jest; the answer may be used inside of tests. */
export const onDynamo = (): OnDynamo => {
  let started: { engine: Engine; proxy: FaultProxy; dynamo: Dynamo } | undefined;
  const open: Dynamo[] = [];
  const running = () => {
    if (!started) throw new Error('the engine is only there inside of tests');
    return started;
  };
  const connect = (options: Partial<AwsClientOptions> = {}): Dynamo => {
    const dynamo = new Dynamo({
      region: REGION,
      endpoint: running().proxy.endpoint,
      credentials: CREDENTIALS,
      ...options,
    });
    open.push(dynamo);
    return dynamo;
  };
  beforeAll(async () => {
    const engine = await startEngine();
    const proxy = await startFaultProxy(engine.endpoint);
    started = {
      engine,
      proxy,
      dynamo: new Dynamo({ region: REGION, endpoint: proxy.endpoint, credentials: CREDENTIALS }),
    };
    open.push(started.dynamo);
    await createTables(engine.endpoint);
  });
  beforeEach(() => running().proxy.reset());
  afterAll(async () => {
    for (const dynamo of open) dynamo.destroy();
    await started?.proxy.stop();
    await started?.engine.stop();
  });
  return {
    get engine() {
      return running().engine;
    },
    get proxy() {
      return running().proxy;
    },
    get dynamo() {
      return running().dynamo;
    },
    connect,
  };
};
