/**
 * Which runs change, for all who show lists of them: one stream of the reporting service, open while somebody listens.
 *
 *   C1. The first message to a listener has no runs, and comes once the stream is open: what is read after it, later
 *       messages bring up to date.
 *   C2. What a listener has not taken yet is gathered, each run once. Beyond RUNS_MAX the oldest is let go: a list that
 *       long is read anew anyway.
 *   C3. An error or the end is told to all, and the next listener opens the stream anew.
 */
import { FloeError } from '@floe/errors';
import type { CallOptions } from '@floe/rpc';
import type { WatchRunsRequest, WatchRunsResponse } from '@floe/rpc/contracts';
import { Bell } from './bell.ts';
import type { FeedEnd } from './run-feed.ts';

export type WatchRuns = (
  request: WatchRunsRequest,
  options?: CallOptions,
) => AsyncIterable<WatchRunsResponse>;

// More than any page of a list has.
const RUNS_MAX = 1_000;

type Listener = { readonly bell: Bell; runIds: Set<string>; isTold: boolean };

type Stream = {
  readonly listeners: Set<Listener>;
  readonly left: AbortController;
  isOpen: boolean;
  end: FeedEnd | undefined;
};

export class ChangeFeed {
  readonly #source: WatchRuns;
  #stream: Stream | undefined;

  constructor(source: WatchRuns) {
    this.#source = source;
  }

  /** Like the stream of the reporting service. */
  async *watch({ signal, headers = {} }: CallOptions = {}): AsyncGenerator<
    WatchRunsResponse,
    void
  > {
    const stream = (this.#stream ??= this.#open(headers));
    const listener: Listener = { bell: new Bell(), runIds: new Set(), isTold: false };
    const ring = () => listener.bell.ring();
    signal?.addEventListener('abort', ring, { once: true });
    stream.listeners.add(listener);
    if (stream.isOpen) tell(listener, []);
    try {
      for (;;) {
        await listener.bell.wait();
        signal?.throwIfAborted();
        if (listener.isTold) yield take(listener);
        if (stream.end?.kind === 'failed') throw stream.end.thrown;
        if (stream.end?.kind === 'ended') return;
      }
    } finally {
      signal?.removeEventListener('abort', ring);
      this.#leave(stream, listener);
    }
  }

  #open(headers: NonNullable<CallOptions['headers']>): Stream {
    const left = new AbortController();
    const stream: Stream = { listeners: new Set(), left, isOpen: false, end: undefined };
    void this.#read(stream, this.#source({}, { signal: left.signal, headers }));
    return stream;
  }

  async #read(stream: Stream, messages: AsyncIterable<WatchRunsResponse>): Promise<void> {
    try {
      for await (const { runIds } of messages) {
        stream.isOpen = true;
        for (const listener of stream.listeners) tell(listener, runIds);
      }
      stream.end = { kind: 'ended' };
    } catch (thrown) {
      stream.end = { kind: 'failed', thrown };
    }
    this.#forget(stream);
    for (const { bell } of stream.listeners) bell.ring();
  }

  #leave(stream: Stream, listener: Listener): void {
    stream.listeners.delete(listener);
    if (stream.listeners.size > 0) return;
    this.#forget(stream);
    stream.left.abort(new FloeError('CANCELLED', 'nobody listens any more'));
  }

  #forget(stream: Stream): void {
    if (this.#stream === stream) this.#stream = undefined;
  }
}

/** C2. */
function tell(listener: Listener, runIds: readonly string[]): void {
  for (const runId of runIds) {
    listener.runIds.delete(runId);
    listener.runIds.add(runId);
    const [oldest = ''] = listener.runIds;
    if (listener.runIds.size > RUNS_MAX) listener.runIds.delete(oldest);
  }
  listener.isTold = true;
  listener.bell.ring();
}

function take(listener: Listener): WatchRunsResponse {
  const runIds = [...listener.runIds];
  listener.runIds = new Set();
  listener.isTold = false;
  return { runIds };
}
