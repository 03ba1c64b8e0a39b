/** The REST API of a Prefect 3 server, as far as an import reads it. */
import { FloeError } from '@floe/errors';
import { isRecord, textOf, type Json, type JsonRecord } from '@floe/legacy';

// The server gives no more at once.
const PAGE = 200;
const CALL_TIMEOUT_MS = 30_000;
// A server that always answers a full page would never end.
const PAGES_MAX = 100_000;
// Ids in one question: they stand in one statement of the server.
const IDS_MAX = 50;

export type PrefectApi = {
  /** The address for people. */
  readonly name: string;
  /** The version of the server, like 3.4.1. */
  version(): Promise<string>;
  deployments(): AsyncGenerator<JsonRecord>;
  /** Runs that have begun, oldest first, a page at a time. */
  flowRuns(): AsyncGenerator<readonly JsonRecord[]>;
  /** The newest run of a deployment that has begun. */
  newestRun(deploymentId: string): Promise<JsonRecord | undefined>;
  taskRuns(flowRunIds: readonly string[]): Promise<readonly JsonRecord[]>;
  /** The name of a flow by its id. */
  flowName(flowId: string): Promise<string>;
};

export type PrefectOptions = {
  readonly url: string;
  /** Sent as a bearer token; never shown. */
  readonly key: string | undefined;
};

const BEGUN = ['RUNNING', 'COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED', 'CANCELLING', 'PAUSED'];

/** Opens no connection by itself. Errors of its calls: SERVICE_UNAVAILABLE, ARGUMENT_INVALID. */
export function createPrefectApi(options: PrefectOptions): PrefectApi {
  const base = baseOf(options.url);
  const call = createCall(base, options.key);
  const names = new Map<string, Promise<string>>();
  const begun = { state: { type: { any_: BEGUN } } };
  return {
    name: `${base.origin}${base.pathname}`,
    version: async () => textOf(await call('GET', 'admin/version')),
    deployments: () => items(call, 'deployments/filter', { sort: 'NAME_ASC' }),
    flowRuns: () => pages(call, 'flow_runs/filter', { sort: 'START_TIME_ASC', flow_runs: begun }),
    async newestRun(id) {
      const flow_runs = { ...begun, deployment_id: { any_: [id] } };
      const found = await call('POST', 'flow_runs/filter', {
        sort: 'START_TIME_DESC',
        flow_runs,
        limit: 1,
      });
      return recordsIn(found)[0];
    },
    async taskRuns(ids) {
      const found: JsonRecord[] = [];
      for (let at = 0; at < ids.length; at += IDS_MAX) {
        const flow_runs = { id: { any_: ids.slice(at, at + IDS_MAX) } };
        const sort = 'EXPECTED_START_TIME_ASC';
        for await (const run of items(call, 'task_runs/filter', { sort, flow_runs }))
          found.push(run);
      }
      return found;
    },
    flowName: (id) => {
      const name = names.get(id) ?? call('GET', `flows/${encodeURIComponent(id)}`).then(nameIn);
      names.set(id, name);
      return name;
    },
  };
}

function nameIn(value: Json): string {
  return isRecord(value) ? textOf(value['name']) : '';
}

function baseOf(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new FloeError('ARGUMENT_INVALID', 'the address of Prefect is an HTTP URL', {
      hint: 'It looks like http://127.0.0.1:4200/api.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new FloeError('ARGUMENT_INVALID', 'the address of Prefect holds a password', {
      hint: 'Put the key into a variable and name it: --key-env PREFECT_API_KEY.',
    });
  }
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path === '' ? '/api' : path;
  return url;
}

type Call = (method: 'GET' | 'POST', path: string, body?: object) => Promise<Json>;

function createCall(base: URL, key: string | undefined): Call {
  return async (method, path, body) => {
    const url = `${base.origin}${base.pathname}/${path}`;
    try {
      const response = await fetch(url, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (response.ok) return (await response.json()) as Json;
      throw refusal(url, response.status, await response.text());
    } catch (cause) {
      if (cause instanceof FloeError) throw cause;
      throw new FloeError('SERVICE_UNAVAILABLE', `${url} does not answer: ${String(cause)}`, {
        cause,
        hint: 'Give the address of the API of Prefect, like http://127.0.0.1:4200/api.',
      });
    }
  };
}

const UNAUTHORIZED = [401, 403];
const SHOWN_MAX = 200;

function refusal(url: string, status: number, text: string): FloeError {
  if (UNAUTHORIZED.includes(status)) {
    return new FloeError('ARGUMENT_INVALID', `${url} wants a key (HTTP ${status})`, {
      hint: 'Put it into a variable and name it: --key-env PREFECT_API_KEY.',
    });
  }
  const shown = text.slice(0, SHOWN_MAX);
  return new FloeError('SERVICE_UNAVAILABLE', `${url} answers HTTP ${status}: ${shown}`);
}

async function* pages(
  call: Call,
  path: string,
  question: object,
): AsyncGenerator<readonly JsonRecord[]> {
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const found = recordsIn(
      await call('POST', path, { ...question, limit: PAGE, offset: page * PAGE }),
    );
    if (found.length > 0) yield found;
    if (found.length < PAGE) return;
  }
}

async function* items(call: Call, path: string, question: object): AsyncGenerator<JsonRecord> {
  for await (const page of pages(call, path, question)) yield* page;
}

function recordsIn(value: Json): JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
