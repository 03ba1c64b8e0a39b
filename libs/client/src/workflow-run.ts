import { FloeError } from '@floe/errors';
import { toTransportError, type FetchFunction } from './http-transport.ts';
import { followStatus } from './live-status.ts';
import type {
  AddWorkflowRunArguments,
  AddedWorkflowRun,
  KilledWorkRun,
  LegacyUser,
  NodeStatusMessage,
  RunStatusMessage,
  WorkflowRunFilters,
  WorkflowRunLogLine,
  WorkflowRunPage,
  WorkflowRunReport,
  WorkflowRunStats,
  WorkflowRunStatsFilters,
} from './workflow-run-types.ts';

/** Where the old routes are, and how they are called. */
export type WorkflowRunOptions = {
  /** Where the gateway is, like `http://127.0.0.1:7400`. */
  readonly baseUrl: string;
  readonly token?: string;
  /** The `fetch` of the platform when absent. */
  readonly fetch?: FetchFunction;
};

// The server answers each call within 30 s; one that has not by now never will.
const CALL_TIMEOUT_MS = 35_000;

/**
 * The methods of the service that Floe replaces, for programs that were written for it. Each rejects with a FloeError whose
 * message is the `detail` of the answer.
 */
export class WorkflowRun {
  readonly #baseUrl: URL;
  readonly #fetch: FetchFunction;
  readonly #token: string | undefined;

  constructor({ baseUrl, fetch: fetchFunction, token }: WorkflowRunOptions) {
    this.#baseUrl = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
    this.#fetch = fetchFunction ?? ((url, init) => globalThis.fetch(url, init));
    this.#token = token;
  }

  /** Starts a run of a workflow; one at a time. */
  addWorkflowRun(
    ...[payload, user, fromJob = false, jobRunId, module = 'workflows']: AddWorkflowRunArguments
  ): Promise<AddedWorkflowRun> {
    return this.#call('addWorkflowRun', { payload, user, fromJob, jobRunId, module });
  }

  /** Stops every workflow run of a job run. */
  killWorkRunById(jobRunId: string, user: LegacyUser): Promise<KilledWorkRun> {
    return this.#call('killWorkRunById', { jobRunId, user });
  }

  killWorkflowRunById(jobRunId: string, user: LegacyUser): Promise<KilledWorkRun> {
    return this.#call('killWorkflowRunById', { jobRunId, user });
  }

  getWorkflowRunWithFilters(
    user: LegacyUser,
    isDownload = false,
    filters: WorkflowRunFilters = {},
  ): Promise<WorkflowRunPage> {
    return this.#call('getWorkflowRunWithFilters', { user, isDownload, filters });
  }

  getWorkflowRunStats(
    user: LegacyUser,
    filters: WorkflowRunStatsFilters = {},
  ): Promise<WorkflowRunStats> {
    return this.#call('getWorkflowRunStats', { user, filters });
  }

  getWorkflowRunLogById(
    workflowId: string,
    workflowRunId: string,
  ): Promise<readonly WorkflowRunLogLine[]> {
    return this.#call('getWorkflowRunLogById', { workflowId, workflowRunId });
  }

  getWorkflowRunReport(
    ...[workspaceId, folderId, jobId, workflowId]: readonly [string, string, string, string]
  ): Promise<WorkflowRunReport> {
    return this.#call('getWorkflowRunReport', { workspaceId, folderId, jobId, workflowId });
  }

  /** What the run and its nodes become, from the first change on, until the run has ended or the signal ends it. */
  watchStatus(
    workflowRunId: string,
    options: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<NodeStatusMessage | RunStatusMessage, void> {
    const url = new URL(`legacy/status/${encodeURIComponent(workflowRunId)}`, this.#baseUrl);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return followStatus(url, { ...options, headers: this.#headers() });
  }

  #headers(): Record<string, string> {
    return this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
  }

  async #call<Answer>(method: string, body: object): Promise<Answer> {
    const url = new URL(`legacy/${method}`, this.#baseUrl);
    try {
      const response = await this.#fetch(url.href, {
        method: 'POST',
        headers: { ...this.#headers(), 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      });
      const answered = (await response.json()) as unknown;
      if (!response.ok) throw errorOf(response.status, answered);
      return answered as Answer;
    } catch (thrown) {
      throw toTransportError(thrown, this.#baseUrl);
    }
  }
}

const SERVER_FAULT = 500;

function errorOf(status: number, answered: unknown): FloeError {
  const detail: unknown = Reflect.get(Object(answered) as object, 'detail');
  const code = status >= SERVER_FAULT ? 'SERVICE_UNAVAILABLE' : 'ARGUMENT_INVALID';
  const message = typeof detail === 'string' ? detail : `the server answered ${status}`;
  return new FloeError(code, message, { details: { status: String(status) } });
}
