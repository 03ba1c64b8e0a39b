/**
 * The request of a task, until an answer comes that it takes.
 *
 *   S1. Where the server says when to come again (Retry-After) and that is soon, it is asked again, a few times; all
 *       else is for the `retries` of the task, which hold no place meanwhile.
 *   S2. No secret and no query is in a log line, a span or an error. What a server says of an error is shown without
 *       the secret that it was sent, and not at all where it was sent rows with masked columns.
 *   S3. An abort of the attempt ends the request and the wait.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { FloeError } from '@floe/errors';
import {
  addressBelow,
  basicCredentials,
  readBeginning,
  retryAfterMs,
  isPassing,
  sendRequest,
  toHttpError,
  type KeptConnections,
  type HttpAnswer,
  type HttpEndpoint,
  type HttpRequest,
} from '@floe/http';
import {
  type Config,
  durationMsField,
  optionalNumberField,
  stringField,
} from '../config-fields.ts';
import type { NoteAttributes, TaskContext } from '../runner.ts';
import { type Batch, buildRequest } from './build-request.ts';
import { isExpected, unexpectedStatus } from './expect-status.ts';

// Most APIs answer within a second; what takes longer should be said.
const REQUEST_MS = 30_000;
// The window of most rate limits.
const RETRY_AFTER_MS = 60_000;
const REDIRECTS = 5;
// A server that asks for more than this is busy for long.
const SENDS_MAX = 4;
// What a person reads of an error page.
const SAID_BYTES = 2_000;
const SAID_CHARACTERS = 300;

/** A task whose connection is known. */
export type OpenedTask = {
  readonly context: TaskContext;
  readonly endpoint: HttpEndpoint | undefined;
  /** Of a task that sends more than one request. */
  readonly kept?: KeptConnections;
};

type Sending = OpenedTask & {
  readonly request: HttpRequest;
  /** Method and address as the document has them: values may be private, and the query is left out. */
  readonly place: string;
  readonly signal: AbortSignal;
};

/** Reads what an answer brings, within the time of the request. */
export type UseAnswer<Result> = (answer: HttpAnswer) => Promise<Result>;

/** Errors: those of connections. */
export async function openTask(context: TaskContext): Promise<OpenedTask> {
  const name = context.config['connection'];
  return { context, endpoint: typeof name === 'string' ? await context.endpoint(name) : undefined };
}

/** Errors: PARAMETER_INVALID, those of connections, those of HTTP, CANCELLED. */
export async function sendTask<Result>(
  context: TaskContext,
  use: UseAnswer<Result>,
): Promise<Result> {
  const opened = await openTask(context);
  return untilTaken(sendingOf(opened, buildRequest(context, opened.endpoint)), use);
}

export type SentBatch = {
  readonly batch: Batch;
  /** Which rows they are, for people. */
  readonly name: string;
  readonly signal: AbortSignal;
};

/** Sends one batch of rows. Errors: as `sendTask`. */
export function sendBatch<Result>(
  opened: OpenedTask,
  { batch, name, signal }: SentBatch,
  use: UseAnswer<Result>,
): Promise<Result> {
  const sending = sendingOf(opened, buildRequest(opened.context, opened.endpoint, batch));
  return untilTaken({ ...sending, place: `${sending.place} with ${name}`, signal }, use);
}

function sendingOf(opened: OpenedTask, request: HttpRequest): Sending {
  const { context, endpoint } = opened;
  const [path = ''] = stringField(context.config, 'url').split('?', 1);
  const below = endpoint === undefined ? path : addressBelow(endpoint.baseUrl, path);
  return { ...opened, request, place: `${request.method} ${below}`, signal: context.signal };
}

async function untilTaken<Result>(sending: Sending, use: UseAnswer<Result>): Promise<Result> {
  const { context, place, signal } = sending;
  for (let sends = 1; ; sends += 1) {
    const sent = await sendOnce(sending, { sends, use });
    if (sent.kind === 'used') return sent.result;
    context.log('info', `${place} answered ${sent.status}, asked again in ${sent.waitMs} ms`);
    await pause(sent.waitMs, signal);
  }
}

type Sent<Result> =
  | { readonly kind: 'used'; readonly result: Result }
  | { readonly kind: 'later'; readonly status: number; readonly waitMs: number };

type Send<Result> = { readonly sends: number; readonly use: UseAnswer<Result> };

function sendOnce<Result>(sending: Sending, send: Send<Result>): Promise<Sent<Result>> {
  const { context, request } = sending;
  const attributes = spanAttributes(sending, send.sends);
  return context.span(
    request.method,
    attributes,
    async (traceparent, note) => {
      const withinMs = durationMsField(context.config, 'request_timeout') ?? REQUEST_MS;
      const late = AbortSignal.timeout(withinMs);
      const signal = AbortSignal.any([late, sending.signal]);
      try {
        return await exchange(sending, { ...send, signal, traceparent, note });
      } catch (thrown) {
        if (sending.signal.aborted) throw cancelled(thrown);
        const error = toHttpError(thrown, {
          place: sending.place,
          withinMs,
          isLate: late.aborted,
        });
        note({ 'error.type': error.code });
        throw error;
      }
    },
    'client',
  );
}

type Exchanging<Result> = Send<Result> & {
  readonly signal: AbortSignal;
  readonly traceparent: string | undefined;
  readonly note: NoteAttributes;
};

async function exchange<Result>(
  sending: Sending,
  { sends, use, signal, traceparent, note }: Exchanging<Result>,
): Promise<Sent<Result>> {
  const { context, request } = sending;
  const { config, httpHosts: allowedHosts } = context;
  const headers = { ...request.headers, ...(traceparent !== undefined && { traceparent }) };
  const redirectsMax = optionalNumberField(config, 'redirects') ?? REDIRECTS;
  const { proxy, tls } = sending.endpoint ?? {};
  const options = { allowedHosts, signal, redirectsMax, proxy, tls, kept: sending.kept };
  const answer = await sendRequest({ ...request, headers }, options);
  const { status } = answer;
  note({
    'http.response.status_code': status,
    'network.protocol.version': answer.response.httpVersion,
  });
  if (isExpected(config, status)) return { kind: 'used', result: await use(answer) };
  note({ 'error.type': String(status) });
  const waitMs = sends < SENDS_MAX ? askedToWait(config, answer) : undefined;
  if (waitMs === undefined) throw await refusal(sending, answer);
  answer.response.destroy();
  return { kind: 'later', status, waitMs };
}

/** S1 */
function askedToWait(config: Config, { status, response }: HttpAnswer): number | undefined {
  const waitMs = isPassing(status) ? retryAfterMs(response.headers) : undefined;
  const longestMs = durationMsField(config, 'retry_after') ?? RETRY_AFTER_MS;
  return waitMs !== undefined && waitMs <= longestMs ? waitMs : undefined;
}

async function refusal(sending: Sending, { status, response }: HttpAnswer): Promise<FloeError> {
  const { location, 'content-type': type = '' } = response.headers;
  const isText = /^(?:text\/|application\/(?:[a-z.+-]*\+)?json\b)/i.test(type);
  const said = isText ? (await readBeginning(response, SAID_BYTES)).toString('utf8') : '';
  response.destroy();
  return unexpectedStatus({ status, place: sending.place, location, said: shown(said, sending) });
}

/** S2 */
function shown(said: string, { context, endpoint }: Sending): string {
  if (mayRepeatMasked(context)) return '';
  const words = said.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  const { secret = '', username = '' } = endpoint ?? {};
  if (secret === '') return words.slice(0, SAID_CHARACTERS);
  return words
    .replaceAll(secret, '***')
    .replaceAll(basicCredentials(username, secret), '***')
    .slice(0, SAID_CHARACTERS);
}

/** Servers like to repeat what they were sent, in words of their own. */
function mayRepeatMasked({ inputs, masked }: TaskContext): boolean {
  return inputs.length > 0 && masked.size > 0;
}

/** As the semantic conventions of OpenTelemetry name them. */
function spanAttributes({ request, context }: Sending, sends: number) {
  const { url, method } = request;
  const { protocol, hostname, port, origin, pathname } = url;
  return {
    'http.request.method': method,
    'server.address': hostname,
    'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
    'url.scheme': protocol.slice(0, -1),
    // Without the query, which may hold what is private.
    'url.full': `${origin}${pathname}`,
    'url.template': stringField(context.config, 'url').split('?', 1)[0]!,
    ...(sends > 1 && { 'http.request.resend_count': sends - 1 }),
  };
}

/** S3 */
async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(waitMs, undefined, { signal });
  } catch (thrown) {
    throw cancelled(thrown);
  }
}

function cancelled(cause: unknown): FloeError {
  return new FloeError('CANCELLED', 'the request was cancelled', { cause });
}
