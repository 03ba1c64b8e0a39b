/**
 * One stream of a run's updates from the reporting service, for all who watch the run from there on.
 *
 *   F1. The fastest watcher drives and waits for nobody: the stream is read one message ahead of it at most.
 *   F2. An end or an error comes after the messages before it; of an error each watcher is told.
 *   F3. When the last watcher leaves the stream is closed, and nobody joins it any more.
 */
import { FloeError } from '@floe/errors';
import type { WatchRunResponse } from '@floe/rpc/contracts';
import { Bell } from './bell.ts';
import { FeedWindow } from './feed-window.ts';

export type FeedSource = {
  /** Opens the stream; the signal closes it. */
  readonly open: (signal: AbortSignal) => AsyncIterable<WatchRunResponse>;
  /** Called when nobody may join any more; it may be called again. */
  readonly onEnd: (feed: RunFeed) => void;
};

export type FeedEnd =
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly thrown: unknown };

type Progress = { readonly message: WatchRunResponse; readonly place: number };

export class RunFeed {
  readonly window: FeedWindow;
  readonly #source: FeedSource;
  readonly #watchers = new Set<Bell>();
  /** The newest message about each task that runs, and its place. */
  readonly #progress = new Map<string, Progress>();
  readonly #asked = new Bell();
  readonly #left = new AbortController();
  #end: FeedEnd | undefined;

  constructor(afterSequence: bigint, source: FeedSource) {
    this.window = new FeedWindow(afterSequence);
    this.#source = source;
    void this.#read();
  }

  get end(): FeedEnd | undefined {
    return this.#end;
  }

  /** How far tasks are, of which somebody who begins at a place does not hear until they go on. */
  *progressBefore(place: number): Generator<WatchRunResponse, void> {
    for (const progress of this.#progress.values()) {
      if (progress.place < place) yield progress.message;
    }
  }

  join(watcher: Bell): void {
    this.#watchers.add(watcher);
  }

  leave(watcher: Bell): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size > 0) return;
    this.#source.onEnd(this);
    this.#left.abort(new FloeError('CANCELLED', 'nobody watches any more'));
    this.#asked.ring();
  }

  /** Somebody has taken everything (F1). */
  ask(): void {
    this.#asked.ring();
  }

  async #read(): Promise<void> {
    try {
      for await (const message of this.#source.open(this.#left.signal)) {
        this.#noteProgress({ message, place: this.window.push(message) });
        this.#tellAll();
        await this.#asked.wait();
        if (this.#left.signal.aborted) return;
      }
      this.#end = { kind: 'ended' };
    } catch (thrown) {
      this.#end = { kind: 'failed', thrown };
    }
    this.#source.onEnd(this);
    this.#tellAll();
  }

  #noteProgress(progress: Progress): void {
    const { update } = progress.message;
    if (update?.$case === 'progress') this.#progress.set(update.value.taskId, progress);
    if (update?.$case === 'event') this.#progress.delete(update.value.taskRun?.taskId ?? '');
  }

  #tellAll(): void {
    for (const watcher of this.#watchers) watcher.ring();
  }
}
