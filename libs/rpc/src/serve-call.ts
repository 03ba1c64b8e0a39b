/**
 * Runs handlers as grpc-js calls them.
 *
 * 1. Every call has one SERVER span that continues the caller's trace and tells the final status.
 * 2. A call is answered exactly once: by its handler, or by the end of its signal, whichever is first.
 * 3. A stream asks its handler for the next message only after the transport took the last one; at most one message
 *    waits here.
 * 4. When a stream ends early its generator is closed, so that its `finally` blocks run.
 */
import type { UntypedHandleCall, sendUnaryData } from '@grpc/grpc-js';
import type { ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { FloeError } from '@floe/errors';
import { ATTRIBUTE, openSpan } from '@floe/telemetry';
import type { Log, OpenSpan, Telemetry } from '@floe/telemetry';
import { methodName } from './contract.ts';
import type { MethodContract } from './contract.ts';
import { toGrpcStatus, toVisibleError } from './errors.ts';
import type { AnyHandler, ServerCall } from './handlers.ts';
import { requirePeer } from './peers.ts';
import { countRefused, requireReadable } from './refusals.ts';
import { openCallScope, textHeaders, untilAborted } from './server-call.ts';
import type { AnyServerCall, CallScope } from './server-call.ts';
import { isServerFault, statusText } from './status-codes.ts';

export type ServeContext = {
  readonly log: Log;
  /** Aborted when the server begins to stop: a stream would keep it open for ever. */
  readonly streamsEnd: AbortSignal;
  /** Aborted when the time to finish is over. */
  readonly unaryEnd: AbortSignal;
  /** The service that the spans belong to, where a process runs several. */
  readonly telemetry: Telemetry | undefined;
};

type Running = {
  readonly handler: AnyHandler;
  readonly call: ServerCall;
  readonly request: never;
};

/** The grpc-js handler of a method; without one of ours it answers UNIMPLEMENTED. */
export function serveMethod(
  method: MethodContract,
  handler: AnyHandler | undefined,
  context: ServeContext,
): UntypedHandleCall {
  const known = handler ?? unimplemented(method);
  if (method.responseStream) {
    return (raw: ServerWritableStream<unknown, unknown>) => {
      enter(context, () => serveStream(raw, { method, handler: known, context }));
    };
  }
  return (raw: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<unknown>) => {
    enter(context, () => serveUnary(raw, answer, { method, handler: known, context }));
  };
}

type Served = {
  readonly method: MethodContract;
  readonly handler: AnyHandler;
  readonly context: ServeContext;
};

/** A failure to answer is a bug here and not in a handler; one call is lost, the server goes on. */
function enter(context: ServeContext, body: () => Promise<void>): void {
  const served = context.telemetry === undefined ? body() : context.telemetry.within(body);
  served.catch((error: unknown) => context.log.error({ err: error }, 'a call was not answered'));
}

function unimplemented(method: MethodContract): AnyHandler {
  return () => {
    throw new FloeError('NOT_IMPLEMENTED', `this service does not answer ${methodName(method)}`);
  };
}

async function serveUnary(
  raw: ServerUnaryCall<unknown, unknown>,
  answer: sendUnaryData<unknown>,
  served: Served,
): Promise<void> {
  await tracedCall(raw, served, {
    run: async ({ handler, call, request }) => {
      const work = Promise.resolve().then(() => handler(request, call) as Promise<unknown>);
      answer(null, await untilAborted(work, call.signal));
    },
    fail: (error) => answer(toGrpcStatus(error)),
  });
}

async function serveStream(
  raw: ServerWritableStream<unknown, unknown>,
  served: Served,
): Promise<void> {
  await tracedCall(raw, served, {
    run: async ({ handler, call, request }) => {
      const messages = handler(request, call) as AsyncIterable<unknown>;
      await writeAll(raw, messages, call.signal);
      raw.end();
    },
    fail: (error) => void raw.emit('error', toGrpcStatus(error)),
  });
}

/** Invariants 3 and 4. */
async function writeAll(
  raw: ServerWritableStream<unknown, unknown>,
  messages: AsyncIterable<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const iterator = messages[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await untilAborted(Promise.resolve(iterator.next()), signal);
      if (next.done === true) return;
      if (!raw.write(next.value)) await untilAborted(drained(raw), signal);
    }
  } catch (thrown) {
    closeIterator(iterator);
    throw thrown;
  }
}

function drained(raw: ServerWritableStream<unknown, unknown>): Promise<void> {
  return new Promise((resolve) => {
    raw.once('drain', () => resolve());
  });
}

/** A generator that waits for something closes when that settles, so nobody waits for it; the call has its error. */
function closeIterator(iterator: AsyncIterator<unknown>): void {
  void Promise.resolve(iterator.return?.()).catch(() => undefined);
}

type Answering = {
  readonly run: (running: Running) => Promise<void>;
  readonly fail: (error: FloeError) => void;
};

async function tracedCall(raw: AnyServerCall, served: Served, answering: Answering): Promise<void> {
  const { method, handler, context } = served;
  const metadata = textHeaders(raw.metadata);
  const scope = openCallScope(raw, {
    isStream: method.responseStream,
    stopping: method.responseStream ? context.streamsEnd : context.unaryEnd,
  });
  const open = openServerSpan(method, metadata);
  const call = serverCall(scope, metadata, open);
  try {
    requirePeer(raw, method);
    requireReadable(raw.request, method);
    await open.within(() => answering.run({ handler, call, request: raw.request as never }));
    open.setAttributes({ [ATTRIBUTE.rpcStatus]: 'OK' });
  } catch (thrown) {
    const visible = toVisibleError(thrown, { method: methodName(method), log: context.log });
    recordStatus(open, visible, thrown);
    countRefused(method, visible);
    answering.fail(visible);
  } finally {
    scope.release();
    open.end();
  }
}

function serverCall(
  scope: CallScope,
  metadata: Readonly<Record<string, string>>,
  open: OpenSpan,
): ServerCall {
  const { signal, deadlineAtMs } = scope;
  return { signal, deadlineAtMs, metadata, traceparent: open.traceparent };
}

function openServerSpan(
  method: MethodContract,
  metadata: Readonly<Record<string, string>>,
): OpenSpan {
  return openSpan(methodName(method), {
    kind: 'server',
    parent: metadata['traceparent'] ?? null,
    attributes: { [ATTRIBUTE.rpcSystem]: 'grpc', [ATTRIBUTE.rpcMethod]: methodName(method) },
  });
}

function recordStatus(open: OpenSpan, visible: FloeError, thrown: unknown): void {
  const { code } = toGrpcStatus(visible);
  open.setAttributes({ [ATTRIBUTE.rpcStatus]: statusText(code) });
  if (isServerFault(code)) open.fail(thrown);
}
