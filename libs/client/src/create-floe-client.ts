import { FloeError } from '@floe/errors';
import { accessMethods } from './access-methods.ts';
import { answer, nothing, part, pick } from './answers.ts';
import type { FloeClient } from './client.ts';
import { importMethods } from './import-methods.ts';
import { createTransport } from './http-transport.ts';
import type { FetchFunction, Transport } from './http-transport.ts';
import { reportMethods } from './report-methods.ts';
import { runPath } from './run-path.ts';
import { scheduleMethods } from './schedule-methods.ts';
import { streamChangedRuns, streamLogEntries, streamRunUpdates } from './run-streams.ts';
import type { Artifact } from './report-types.ts';
import type { Run, TaskRun } from './run-types.ts';
import { viewMethods } from './view-methods.ts';

/** Where the gateway is, and how it is called. */
export type FloeClientOptions = {
  /** Where the gateway is, like `http://127.0.0.1:7400`. */
  readonly baseUrl: string;
  /** The `fetch` of the platform when absent. */
  readonly fetch?: FetchFunction;
  /** W3C trace context that the calls continue. */
  readonly traceparent?: string;
  /** Where the server requires one: `floe_…`. */
  readonly token?: string;
};

/** A client of one Floe. Opens nothing by itself. Throws CONFIGURATION_INVALID for an address that is no HTTP URL. */
export function createFloeClient(options: FloeClientOptions): FloeClient {
  const baseUrl = parseBaseUrl(options.baseUrl);
  const { traceparent, token, fetch: fetchFunction = platformFetch } = options;
  const transport = createTransport({ baseUrl, fetch: fetchFunction, traceparent, token });
  return {
    ...workflowMethods(transport),
    ...runMethods(transport),
    ...streamMethods(transport, baseUrl),
    ...scheduleMethods(transport),
    ...importMethods(transport),
    ...connectionMethods(transport),
    ...accessMethods(transport),
    ...viewMethods(transport),
    ...reportMethods(transport),
    ...systemMethods(transport),
  };
}

/** A browser's fetch refuses to be called as a method of anything but the window. */
const platformFetch: FetchFunction = (url, init) => globalThis.fetch(url, init);

function parseBaseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new FloeError('CONFIGURATION_INVALID', `'${text}' is no HTTP address`, {
    hint: 'It looks like http://127.0.0.1:7400.',
  });
}

type MethodsNamed<Name extends keyof FloeClient> = Pick<FloeClient, Name>;

function workflowMethods(
  transport: Transport,
): MethodsNamed<
  | 'applyWorkflow'
  | 'validateWorkflow'
  | 'explainWorkflow'
  | 'getDocumentSchema'
  | 'getWorkflow'
  | 'listWorkflows'
  | 'listWorkflowVersions'
  | 'deleteWorkflow'
> {
  const all = '/api/v1/workflows';
  const one = (name: string) => `${all}/${encodeURIComponent(name)}`;
  return {
    applyWorkflow: (source, { validateOnly = false } = {}) =>
      answer(transport, 'POST', all, { body: { source, validateOnly }, holds: 'warnings' }),
    validateWorkflow: (source) =>
      answer(transport, 'POST', `${all}:validate`, { body: { source }, holds: 'problems' }),
    explainWorkflow: (source) =>
      answer(transport, 'POST', `${all}:explain`, { body: { source }, holds: 'tasks' }),
    getDocumentSchema: () => answer(transport, 'GET', `${all}:schema`, { holds: 'properties' }),
    getWorkflow: (name, options) =>
      answer(transport, 'GET', one(name), { query: { ...options }, holds: 'workflow' }),
    listWorkflows: (options) =>
      answer(transport, 'GET', all, { query: { ...options }, holds: 'workflows' }),
    listWorkflowVersions: (name, options) =>
      answer(transport, 'GET', `${one(name)}/versions`, {
        query: { ...options },
        holds: 'versions',
      }),
    deleteWorkflow: (name) => nothing(transport.call('DELETE', one(name))),
  };
}

function runMethods(
  transport: Transport,
): MethodsNamed<
  | 'startRun'
  | 'getRun'
  | 'listRuns'
  | 'cancelRun'
  | 'cancelRuns'
  | 'pauseRun'
  | 'resumeRun'
  | 'retryRun'
  | 'approveTask'
  | 'listTaskRuns'
  | 'getTaskItems'
  | 'listLogs'
  | 'listArtifacts'
  | 'getArtifact'
> {
  const steer = async (runId: string, verb: string, body: object): Promise<Run> => {
    const path = `${runPath(runId)}:${verb}`;
    const { run } = await answer<{ run: Run }>(transport, 'POST', path, { body, holds: 'run' });
    return run;
  };
  return {
    startRun: ({ requestId = crypto.randomUUID(), ...body }) =>
      answer(transport, 'POST', '/api/v1/runs', { body: { ...body, requestId }, holds: 'run' }),
    getRun: (runId) => pick(transport, runPath(runId), 'run'),
    listRuns: ({ annotations = {}, ...options } = {}) => {
      const pairs = Object.entries(annotations).map(([name, value]) => `${name}=${value}`);
      const query = { ...options, annotations: pairs.length === 0 ? undefined : pairs.join(',') };
      return answer(transport, 'GET', '/api/v1/runs', { query, holds: 'runs' });
    },
    cancelRun: (runId, { reason = '', graceMs = 0 } = {}) =>
      steer(runId, 'cancel', { reason, graceMs: String(graceMs) }),
    cancelRuns: async (groupId, { reason = '', graceMs = 0 } = {}) => {
      const path = `/api/v1/run-groups/${encodeURIComponent(groupId)}:cancel`;
      const body = { reason, graceMs: String(graceMs) };
      const { runs } = await answer<{ runs: Run[] }>(transport, 'POST', path, { body });
      return runs;
    },
    pauseRun: (runId) => steer(runId, 'pause', {}),
    resumeRun: (runId) => steer(runId, 'resume', {}),
    retryRun: (runId, { requestId = crypto.randomUUID(), fromTaskId = '', items = '' } = {}) =>
      steer(runId, 'retry', { requestId, fromTaskId, ...(items !== '' && { items }) }),
    approveTask: async (runId, taskId, body) => {
      const path = `${runPath(runId)}/tasks/${encodeURIComponent(taskId)}:approve`;
      const { taskRun } = await answer<{ taskRun: TaskRun }>(transport, 'POST', path, {
        body,
        holds: 'taskRun',
      });
      return taskRun;
    },
    listTaskRuns: (runId, options) =>
      answer(transport, 'GET', `${runPath(runId)}/tasks`, {
        query: { ...options },
        holds: 'taskRuns',
      }),
    getTaskItems: (runId, taskId) =>
      answer(transport, 'GET', `${runPath(runId)}/tasks/${encodeURIComponent(taskId)}/items`),
    listArtifacts: (runId, options) =>
      answer(transport, 'GET', `${runPath(runId)}/artifacts`, {
        query: { ...options },
        holds: 'artifacts',
      }),
    getArtifact: async (artifactId) => {
      const path = `/api/v1/artifacts/${encodeURIComponent(artifactId)}`;
      const found = await answer<{ artifact: Artifact; content: string }>(transport, 'GET', path);
      const bytes = Uint8Array.from(atob(found.content), (character) => character.charCodeAt(0));
      return { artifact: found.artifact, content: new TextDecoder().decode(bytes) };
    },
    listLogs: (runId, options) =>
      pick(transport, `${runPath(runId)}/logs`, 'lines', { ...options }),
  };
}

function streamMethods(
  transport: Transport,
  baseUrl: URL,
): MethodsNamed<'watchRun' | 'watchRuns' | 'tailLogs'> {
  return {
    watchRun: (runId, options = {}) => {
      const path = `${runPath(runId)}/events`;
      return streamRunUpdates({ transport, baseUrl, path, query: {} }, options);
    },
    watchRuns: (options = {}) =>
      streamChangedRuns({ transport, baseUrl, path: '/api/v1/runs:watch', query: {} }, options),
    tailLogs: (runId, options = {}) => {
      const path = `${runPath(runId)}/logs`;
      const { afterSequence: _after, signal: _signal, onReconnect: _told, ...filter } = options;
      const query = { ...filter, follow: true };
      return streamLogEntries({ transport, baseUrl, path, query }, options);
    },
  };
}

function connectionMethods(
  transport: Transport,
): MethodsNamed<
  'setConnection' | 'getConnection' | 'listConnections' | 'deleteConnection' | 'testConnection'
> {
  const all = '/api/v1/connections';
  const one = (name: string) => `${all}/${encodeURIComponent(name)}`;
  return {
    setConnection: async ({ name, ...connection }) => {
      const answered = await transport.call('PUT', one(name), { body: connection });
      return part(answered, 'connection');
    },
    getConnection: (name) => pick(transport, one(name), 'connection'),
    listConnections: (options) =>
      answer(transport, 'GET', all, { query: { ...options }, holds: 'connections' }),
    deleteConnection: (name) => nothing(transport.call('DELETE', one(name))),
    testConnection: (name) =>
      answer(transport, 'POST', `${one(name)}:test`, { body: {}, holds: 'serverVersion' }),
  };
}

function systemMethods(
  transport: Transport,
): MethodsNamed<'listExecutors' | 'getSystem' | 'checkReady'> {
  return {
    listExecutors: () => pick(transport, '/api/v1/executors', 'executors'),
    getSystem: () => answer(transport, 'GET', '/api/v1/system'),
    checkReady: () => nothing(transport.call('GET', '/readyz')),
  };
}
