// Owns a Region's SQS endpoint: who may ask, and AWS's refusals; AWS JSON 1.0, as today's SDK speaks it.
// Leaves to actions.ts the answers and to local/iam how policies are evaluated.
import type { IncomingMessage } from 'node:http';
import { answer, parseBody, type Reply } from '../dynamodb/protocol.ts';
import { startWireServer, type WireServer } from '../dynamodb/wire-server.ts';
import { accessDenied, unrecognizedClient } from '../iam/denied.ts';
import { type GuardedEndpoint, guardOf } from '../iam/guard.ts';
import { type ActionParts, neededRights, perform } from './actions.ts';
import { MoveTasks } from './move-tasks.ts';
import { type Body, refused, SqsRefusal } from './protocol.ts';
import type { Queues } from './queues.ts';

export interface SqsOptions extends GuardedEndpoint {
  readonly queues: Queues;
  readonly port: number;
  readonly nowMs: () => number;
}

const TARGET = /^AmazonSQS\.(\w+)$/;

/** Listens on 127.0.0.1. @throws Error for a busy port or a policy that cannot be evaluated */
export const startSqs = async (options: SqsOptions): Promise<WireServer> => {
  const { plan, queues, port, onDefect, nowMs } = options;
  const guards = guardOf(options);
  const moveTasks = new MoveTasks(queues, nowMs);
  let url = '';
  const parts: ActionParts = { queues, moveTasks, urlOf: ({ name }) => `${url}/${plan.account}/${name}` };

  const denied = (request: IncomingMessage, operation: string, body: Body): Reply | undefined => {
    const guard = guards(request);
    if (guard === undefined) return { kind: 'answer', ...unrecognizedClient() };
    for (const { action, resource } of neededRights(parts, operation, body)) {
      const refusal = guard.refusal(action, resource);
      if (refusal !== undefined) return { kind: 'answer', ...accessDenied(refusal) };
    }
    return undefined;
  };

  const server = await startWireServer(
    port,
    async (request, raw, gone) => {
      const operation = TARGET.exec(String(request.headers['x-amz-target'] ?? ''))?.[1] ?? '';
      const body = parseBody(raw);
      try {
        return denied(request, operation, body) ?? answer(await perform(parts, operation, body, gone));
      } catch (error) {
        if (error instanceof SqsRefusal) return refused(error);
        throw error;
      }
    },
    onDefect,
    nowMs,
  );
  url = server.url;
  return {
    ...server,
    stop: async () => {
      moveTasks.stop();
      await server.stop();
    },
  };
};
