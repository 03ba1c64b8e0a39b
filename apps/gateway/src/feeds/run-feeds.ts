/**
 * All who watch runs through this gateway, on as few streams from the reporting service as there can be.
 *
 *   S1. A watcher is told every event above the sequence that it named, in order and once, however often it changes feeds.
 *   S2. It reads the most advanced feed that covers its place. Where none does it opens one: whoever comes from far back,
 *       or falls behind, catches up without holding anybody up, and then joins the others.
 *   S3. It costs a place in a window, not a buffer of its own: a slow watcher takes no more memory than a quick one.
 */
import type { CallOptions } from '@floe/rpc';
import type { WatchRunRequest, WatchRunResponse } from '@floe/rpc/contracts';
import { Bell } from './bell.ts';
import { RunFeed } from './run-feed.ts';

/** The stream of the reporting service. */
export type WatchRun = (
  request: WatchRunRequest,
  options?: CallOptions,
) => AsyncIterable<WatchRunResponse>;

/** How far somebody is. */
type Watcher = {
  readonly runId: string;
  readonly bell: Bell;
  /** Of the last message that it was told. */
  sequence: bigint;
  feed: RunFeed | undefined;
  /** In the window of the feed. */
  place: number;
};

export class RunFeeds {
  readonly #source: WatchRun;
  readonly #feedsOfRun = new Map<string, Set<RunFeed>>();

  constructor(source: WatchRun) {
    this.#source = source;
  }

  /** Like the stream of the reporting service. Headers are those of whoever opens a feed. */
  async *watch(
    { runId, afterSequence }: WatchRunRequest,
    { signal, headers = {} }: CallOptions = {},
  ): AsyncGenerator<WatchRunResponse, void> {
    const bell = new Bell();
    const watcher: Watcher = { runId, bell, sequence: afterSequence, feed: undefined, place: 0 };
    const ring = () => bell.ring();
    signal?.addEventListener('abort', ring, { once: true });
    try {
      for (;;) {
        signal?.throwIfAborted();
        const feed = this.#best(watcher) ?? this.#open(watcher, headers);
        if (feed !== watcher.feed) yield* this.#move(watcher, feed);
        const next = feed.window.next(watcher.place);
        if (next !== undefined) {
          watcher.place = next.place;
          watcher.sequence = next.message.sequence;
          yield next.message;
          continue;
        }
        if (feed.end?.kind === 'failed') throw feed.end.thrown;
        if (feed.end?.kind === 'ended') return;
        feed.ask();
        await bell.wait();
      }
    } finally {
      signal?.removeEventListener('abort', ring);
      watcher.feed?.leave(bell);
    }
  }

  /** S2. An ended feed has its watchers only, who have not read all of it yet. */
  #best({ runId, sequence, feed: current }: Watcher): RunFeed | undefined {
    let best = current?.window.covers(sequence) === true ? current : undefined;
    for (const feed of this.#feedsOfRun.get(runId) ?? []) {
      const isAhead = best === undefined || feed.window.newest > best.window.newest;
      if (isAhead && feed.window.covers(sequence)) best = feed;
    }
    return best;
  }

  #open({ runId, sequence }: Watcher, headers: NonNullable<CallOptions['headers']>): RunFeed {
    const feed = new RunFeed(sequence, {
      open: (signal) => this.#source({ runId, afterSequence: sequence }, { signal, headers }),
      onEnd: (ended) => this.#forget(runId, ended),
    });
    const feeds = this.#feedsOfRun.get(runId) ?? new Set();
    this.#feedsOfRun.set(runId, feeds.add(feed));
    return feed;
  }

  #forget(runId: string, feed: RunFeed): void {
    const feeds = this.#feedsOfRun.get(runId);
    feeds?.delete(feed);
    if (feeds?.size === 0) this.#feedsOfRun.delete(runId);
  }

  *#move(watcher: Watcher, feed: RunFeed): Generator<WatchRunResponse, void> {
    feed.join(watcher.bell);
    watcher.feed?.leave(watcher.bell);
    watcher.feed = feed;
    watcher.place = feed.window.placeAfter(watcher.sequence);
    yield* feed.progressBefore(watcher.place);
  }
}
