/**
 * The routes for callers of the service that Floe replaces: one for each method of its clients, under the method's name, with
 * its arguments as the fields of a JSON object. Their errors are `{"detail": text}`.
 */
import { FloeError } from '@floe/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FindLegacyRunResponse } from '@floe/rpc/internal-contracts';
import type { Caller } from '../access/caller.ts';
import { callOptions } from '../http/answer-route.ts';
import { holderOf } from '../http/stream-holder.ts';
import type { LegacyCall, LegacyContext } from './context.ts';
import { getWorkflowRunStats, getWorkflowRunWithFilters } from './list-runs.ts';
import { followRun } from './live-status.ts';
import { fieldsOf, textOf, type Fields } from './read-body.ts';
import { refuse, sendDetail } from './refusal.ts';
import { getWorkflowRunReport } from './report.ts';
import { getWorkflowRunLogById } from './run-log.ts';
import { addWorkflowRun, killWorkRunById } from './start-run.ts';

type Method = {
  readonly answer: (call: LegacyCall) => Promise<object>;
  /** What a token has to allow. */
  readonly scope: 'runs:read' | 'runs:write';
};

const METHODS: Readonly<Record<string, Method>> = {
  addWorkflowRun: { answer: addWorkflowRun, scope: 'runs:write' },
  killWorkRunById: { answer: killWorkRunById, scope: 'runs:write' },
  // Callers spell it in both ways.
  killWorkflowRunById: { answer: killWorkRunById, scope: 'runs:write' },
  getWorkflowRunWithFilters: { answer: getWorkflowRunWithFilters, scope: 'runs:read' },
  getWorkflowRunStats: { answer: getWorkflowRunStats, scope: 'runs:read' },
  getWorkflowRunLogById: { answer: getWorkflowRunLogById, scope: 'runs:read' },
  getWorkflowRunReport: { answer: getWorkflowRunReport, scope: 'runs:read' },
};

export async function addLegacyRoutes(app: FastifyInstance, context: LegacyContext): Promise<void> {
  const addMethods = async (routes: FastifyInstance) => {
    routes.setErrorHandler((thrown, _, reply) => sendDetail(thrown, { reply, log: context.log }));
    routes.setNotFoundHandler((request, reply) =>
      sendDetail(notFound(request), { reply, log: context.log }),
    );
    for (const [name, { answer, scope }] of Object.entries(METHODS)) {
      routes.route({
        method: 'POST',
        url: `/${name}`,
        config: { scope, operation: name },
        handler: async (request, reply) => {
          const { caller, deed } = request;
          refuseLimited(caller, name);
          const body = fieldsOf(request.body, 'the body');
          const options = callOptions(caller, reply);
          const result = await answer({ context, body, options, caller });
          if (deed !== undefined) deed.answer = result;
          return reply.header('cache-control', 'no-store').send(result);
        },
      });
    }
    addLiveStatus(routes, context);
  };
  await app.register(addMethods, { prefix: '/legacy' });
}

/** What a connection is about is looked up before it is opened, so that a wrong id is refused in words. */
function addLiveStatus(routes: FastifyInstance, context: LegacyContext): void {
  const found = new WeakMap<FastifyRequest, FindLegacyRunResponse>();
  routes.route({
    method: 'GET',
    url: '/status/:workflow_run_id',
    config: { scope: 'runs:read', operation: 'liveStatus' },
    preValidation: async (request) => {
      refuseLimited(request.caller, 'liveStatus');
      const workflowRunId = textOf(request.params as Fields, 'workflow_run_id');
      const answer = await context.clients.legacy.findLegacyRun({ workflowRunId });
      if (answer.run === undefined) throw refuse(`Workflow run not found: ${workflowRunId}`);
      found.set(request, answer);
    },
    handler: async () => {
      throw refuse('the status of a run comes over a WebSocket');
    },
    wsHandler: (socket, request) =>
      followRun(socket, { found: found.get(request)!, holder: holderOf(request) }, context),
  });
}

/** Lists of these routes are about all workflows: a token that is limited to some may only start those. */
function refuseLimited({ workflowNames, actor }: Caller, operation: string): void {
  if (workflowNames.length === 0 || operation === 'addWorkflowRun') return;
  throw new FloeError('SCOPE_INSUFFICIENT', `${operation} is not for ${actor}, who is limited`);
}

function notFound({ url }: FastifyRequest): FloeError {
  const [path] = url.split('?');
  return refuse(`there is no ${path}; the methods are ${Object.keys(METHODS).join(', ')}`);
}
