/**
 * The last messages of a feed, for the watchers that are behind its fastest.
 *
 *   W1. Messages have places, counted from the first that came. Sequences never fall from place to place; only events
 *       raise them.
 *   W2. At most MESSAGES_MAX are kept, the newest.
 *   W3. A sequence is covered when every event above it is kept or still to come.
 */
import type { WatchRunResponse } from '@floe/rpc/contracts';

// A few hundred kB for each run that somebody watches; whoever is further behind reads a stream of his own.
export const MESSAGES_MAX = 256;

export class FeedWindow {
  readonly #messages: WatchRunResponse[] = [];
  #firstPlace = 0;
  /** Everything up to it has been let go, or was never asked for. */
  #floor: bigint;
  #newest: bigint;

  constructor(afterSequence: bigint) {
    this.#floor = afterSequence;
    this.#newest = afterSequence;
  }

  get newest(): bigint {
    return this.#newest;
  }

  /** Returns the place of the message. */
  push(message: WatchRunResponse): number {
    this.#messages.push(message);
    this.#newest = message.sequence;
    if (this.#messages.length > MESSAGES_MAX) {
      this.#floor = this.#messages.shift()?.sequence ?? this.#floor;
      this.#firstPlace += 1;
    }
    return this.#firstPlace + this.#messages.length - 1;
  }

  covers(sequence: bigint): boolean {
    return sequence >= this.#floor && sequence <= this.#newest;
  }

  /** The place of the first message above a sequence that is covered. */
  placeAfter(sequence: bigint): number {
    const index = this.#messages.findIndex((message) => message.sequence > sequence);
    return this.#firstPlace + (index === -1 ? this.#messages.length : index);
  }

  /**
   * The message at a place and the place behind it; undefined at the end. What was let go before the place of a watcher
   * that is still covered was no event (W1, W3).
   */
  next(place: number): { readonly message: WatchRunResponse; readonly place: number } | undefined {
    const at = Math.max(place, this.#firstPlace);
    const message = this.#messages[at - this.#firstPlace];
    return message === undefined ? undefined : { message, place: at + 1 };
  }
}
