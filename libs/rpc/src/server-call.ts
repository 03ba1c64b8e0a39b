import type { Metadata } from '@grpc/grpc-js';
import type { ServerUnaryCall } from '@grpc/grpc-js';
import { FloeError } from '@floe/errors';

/** What unary and streaming calls of grpc-js have in common. */
export type AnyServerCall = Pick<
  ServerUnaryCall<unknown, unknown>,
  'metadata' | 'request' | 'getDeadline' | 'getAuthContext'
> & {
  once(event: 'cancelled', listener: () => void): unknown;
};

/** Ends the calls of a server: each is told by its own signal. */
export type CallScope = {
  readonly signal: AbortSignal;
  readonly deadlineAtMs: number;
  /** Must be called once the call has been answered: it frees the timer and the listeners. */
  release(): void;
};

// A unary call that names no deadline gets this one, so that none waits for ever.
const DEFAULT_DEADLINE_MS = 30_000;
// setTimeout takes no longer delay; a deadline of a month needs no timer.
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Joins the three ends of a call (caller, deadline, server) into one signal whose reason is a FloeError. */
export function openCallScope(
  call: AnyServerCall,
  options: { readonly isStream: boolean; readonly stopping: AbortSignal },
): CallScope {
  const controller = new AbortController();
  const deadlineAtMs = deadlineOf(call, options.isStream);
  const timer = startTimer(deadlineAtMs - Date.now(), () => controller.abort(deadlineError()));
  const onStop = () => controller.abort(options.stopping.reason);
  options.stopping.addEventListener('abort', onStop, { once: true });
  if (options.stopping.aborted) onStop();
  call.once('cancelled', () => {
    const isLate = Date.now() >= deadlineAtMs;
    controller.abort(isLate ? deadlineError() : new FloeError('CANCELLED', 'the caller gave up'));
  });
  const release = () => {
    clearTimeout(timer);
    options.stopping.removeEventListener('abort', onStop);
  };
  return { signal: controller.signal, deadlineAtMs, release };
}

function deadlineOf(call: AnyServerCall, isStream: boolean): number {
  const asked = Number(call.getDeadline());
  if (Number.isFinite(asked)) return asked;
  return isStream ? Number.POSITIVE_INFINITY : Date.now() + DEFAULT_DEADLINE_MS;
}

function startTimer(delayMs: number, onTime: () => void): NodeJS.Timeout | undefined {
  return delayMs > TIMER_MS_MAX ? undefined : setTimeout(onTime, Math.max(0, delayMs));
}

function deadlineError(): FloeError {
  return new FloeError('DEADLINE_EXCEEDED', 'the call did not finish before its deadline');
}

/** The text headers of a call; binary ones are left out. */
export function textHeaders(metadata: Metadata): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(metadata.getMap())) {
    if (typeof value === 'string') headers[name] = value;
  }
  return headers;
}

/** Settles like the work, or rejects with the signal's reason when that comes first. */
export function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  if (signal.aborted) return Promise.reject(signal.reason as FloeError);
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as FloeError);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
