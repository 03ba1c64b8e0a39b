/**
 * Sends requests of all kinds to every route of a gateway. The same seed sends the same, so that what failed can be sent
 * again.
 */
import fc from 'fast-check';
import { describeRequest, findFault } from './judge-answer.ts';
import type { FuzzAnswer } from './judge-answer.ts';
import { requestsFor } from './requests.ts';
import type { FuzzRequest, Known, OpenApi, Target } from './requests.ts';

export type FuzzOptions = {
  readonly baseUrl: string;
  readonly token: string;
  readonly known: Known;
  readonly seed: number;
  /** Requests to each route. */
  readonly rounds: number;
  /** Looks at each answer besides the faults that are always looked for. */
  readonly inspect: (target: Target, answer: FuzzAnswer) => string | undefined;
};

export type FuzzReport = {
  readonly sent: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
};

// Enough to meet itself in the gateway, few enough for two cores.
const AT_ONCE = 8;
// Every call has 30 s; one that takes them hangs.
const ANSWER_WITHIN_MS = 20_000;
// A stream of a run that goes on has no end, and its beginning says all.
const STREAM_MS = 300;
const FAULTS_MAX = 20;

export async function fuzzRest(api: OpenApi, options: FuzzOptions): Promise<FuzzReport> {
  const queue = targetsOf(api).flatMap((target) => {
    const { rounds: numRuns, seed } = options;
    const requests = fc.sample(requestsFor(target, options.known), { numRuns, seed });
    return requests.map((request) => ({ target, request }));
  });
  const statuses: Record<string, number> = {};
  const faults: string[] = [];
  let sent = 0;
  const work = async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (faults.length >= FAULTS_MAX) return;
      const { target, request } = next;
      sent += 1;
      const fault = await tryOnce(target, request, { ...options, statuses });
      if (fault !== undefined) faults.push(`${fault}: ${describeRequest(request)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { sent, statuses, faults };
}

function targetsOf(api: OpenApi): Target[] {
  return Object.entries(api.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation })),
  );
}

type Trying = FuzzOptions & { readonly statuses: Record<string, number> };

async function tryOnce(
  target: Target,
  request: FuzzRequest,
  { baseUrl, token, statuses, inspect }: Trying,
): Promise<string | undefined> {
  try {
    const answer = await send(`${baseUrl}${request.path}`, request, token);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    return findFault(answer) ?? inspect(target, answer);
  } catch (thrown) {
    return `no answer (${String(thrown)}, ${String((thrown as Error).cause)})`;
  }
}

async function send(url: string, request: FuzzRequest, token: string): Promise<FuzzAnswer> {
  const { method, headers, body } = request;
  const isSent = body !== undefined && method !== 'GET';
  const response = await fetch(url, {
    method,
    headers: { ...headers, authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    ...(isSent ? { body } : {}),
  });
  const type = response.headers.get('content-type') ?? '';
  const isStream = type.startsWith('text/event-stream');
  const text = isStream ? await beginningOf(response) : await response.text();
  return { status: response.status, type, text };
}

async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const timer = setTimeout(() => void reader.cancel(), STREAM_MS);
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  clearTimeout(timer);
  return text;
}
