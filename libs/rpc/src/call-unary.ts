import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { Client, ServiceError } from '@grpc/grpc-js';
import { FloeError } from '@floe/errors';
import { traceCall } from './call-span.ts';
import type { CallTrace } from './call-span.ts';
import type { CallOptions, Calling } from './calling.ts';
import type { MethodContract } from './contract.ts';
import { fromGrpcError } from './errors.ts';

export type UnaryCall = {
  readonly method: MethodContract;
  readonly request: never;
  readonly options: CallOptions;
  readonly isIdempotent: boolean;
};

// Five tries with these waits span 1.5 s and more: the time in which a killed service is back or its twin is found.
const TRIES_MAX = 5;
const FIRST_WAIT_MS = 100;
// One of several servers that does not answer, as when its process is frozen, costs this much of a call, not all of it.
const TRY_WITHIN_MS = 4_000;

/** Calls a unary method. Throws the server's FloeError, or SERVICE_UNAVAILABLE, DEADLINE_EXCEEDED or CANCELLED. */
export async function callUnary(calling: Calling, call: UnaryCall): Promise<unknown> {
  const deadlineMs = Date.now() + (call.options.deadlineMs ?? calling.deadlineMs);
  const triesMax = call.isIdempotent ? TRIES_MAX : 1;
  for (let tries = 1; ; tries += 1) {
    const isShared = tries < triesMax && calling.channels.count > 1;
    const untilMs = isShared ? Math.min(deadlineMs, Date.now() + TRY_WITHIN_MS) : deadlineMs;
    const outcome = await tryOnce(calling, call, untilMs);
    if ('response' in outcome) return outcome.response;
    const waitMs = FIRST_WAIT_MS * 2 ** (tries - 1) * (0.5 + Math.random());
    const isLast = tries >= triesMax || Date.now() + waitMs >= deadlineMs;
    const { grpc, thrown } = outcome.failure;
    const isSilent = grpc.code === status.DEADLINE_EXCEEDED && untilMs < deadlineMs;
    if (isLast || !(isSilent || grpc.code === status.UNAVAILABLE)) throw thrown;
    await waitToRetry(waitMs, call.options.signal);
  }
}

type Outcome =
  | { readonly response: unknown }
  | { readonly failure: { readonly grpc: ServiceError; readonly thrown: FloeError } };

/** One try, with a span of its own: a trace shows what was retried. */
async function tryOnce(calling: Calling, call: UnaryCall, deadlineMs: number): Promise<Outcome> {
  if (call.options.signal?.aborted === true) throw gaveUp(call.options.signal);
  const client = calling.channels.next();
  const { method, options } = call;
  const address = client.getChannel().getTarget();
  const trace = traceCall(calling, { method, options, address });
  const answer = await send(client, call, { deadlineMs, metadata: trace.headers });
  if ('response' in answer) {
    trace.end();
    return answer;
  }
  const failure = { grpc: answer.error, thrown: fromGrpcError(answer.error, calling.name) };
  trace.end(failure);
  return { failure };
}

type Sending = { readonly deadlineMs: number; readonly metadata: CallTrace['headers'] };
type Answer = { readonly response: unknown } | { readonly error: ServiceError };

function send(
  client: Client,
  { method, request, options }: UnaryCall,
  sending: Sending,
): Promise<Answer> {
  return new Promise((resolve) => {
    const onAbort = () => sent.cancel();
    const sent = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      sending.metadata,
      { deadline: sending.deadlineMs },
      (error, response) => {
        options.signal?.removeEventListener('abort', onAbort);
        resolve(error === null ? { response } : { error });
      },
    );
    options.signal?.addEventListener('abort', onAbort, { once: true });
  });
}

async function waitToRetry(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(waitMs, undefined, signal === undefined ? {} : { signal });
  } catch (thrown) {
    throw signal?.aborted === true ? gaveUp(signal) : thrown;
  }
}

function gaveUp(signal: AbortSignal): FloeError {
  return new FloeError('CANCELLED', 'the caller gave up', { cause: signal.reason });
}
