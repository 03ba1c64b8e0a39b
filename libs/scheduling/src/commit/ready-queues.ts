import type { Lane } from '@floe/engine';
import type { ReadyAttempt, Supply } from '../ports.ts';
import type { NewlyReady } from './batch-rows.ts';

/** Where attempts wait: a kind of place in a pool. */
export type Place = { readonly pool: string; readonly lane: Lane };

type Queue = {
  readonly place: Place;
  /** Smallest rank first. */
  readonly attempts: ReadyAttempt[];
  /** More wait in the store than were brought here. */
  readonly hasMore: boolean;
  position: number;
};

/** The ready attempts that a transaction may give out: those that it found and those that it brought about. */
export class ReadyQueues {
  readonly #queues = new Map<string, Queue>();

  constructor(supplies: readonly Supply[], ready: readonly NewlyReady[]) {
    const fresh = Map.groupBy(ready, keyOf);
    for (const { pool, lane, attempts, hasMore } of supplies) {
      const key = keyOf({ pool, lane });
      this.#add({ pool, lane }, [...attempts, ...(fresh.get(key) ?? [])], hasMore);
      fresh.delete(key);
    }
    for (const attempts of fresh.values()) this.#add(attempts[0]!, attempts, false);
  }

  /** What became ready while others were given out. */
  add(attempt: NewlyReady): void {
    const queue = this.#queues.get(keyOf(attempt));
    if (queue === undefined) return this.#add(attempt, [attempt], false);
    const rest = queue.attempts.slice(queue.position);
    const place = rest.findIndex(({ rankAt }) => rankAt > attempt.rankAt);
    const index = place === -1 ? queue.attempts.length : queue.position + place;
    queue.attempts.splice(index, 0, attempt);
  }

  #add({ pool, lane }: Place, attempts: readonly ReadyAttempt[], hasMore: boolean): void {
    // Among equal ranks the order in which they were found or became ready: sorting is stable.
    const sorted = attempts.toSorted((left, right) => left.rankAt - right.rankAt);
    const place = { pool, lane };
    this.#queues.set(keyOf(place), { place, attempts: sorted, hasMore, position: 0 });
  }

  take(place: Place): ReadyAttempt | undefined {
    const queue = this.#queues.get(keyOf(place));
    const attempt = queue?.attempts[queue.position];
    if (queue !== undefined && attempt !== undefined) queue.position += 1;
    return attempt;
  }

  hasMore(place: Place): boolean {
    const queue = this.#queues.get(keyOf(place));
    return queue !== undefined && (queue.hasMore || queue.position < queue.attempts.length);
  }

  /** How many were not taken, by place. */
  left(): readonly (Place & { readonly count: number })[] {
    return [...this.#queues.values()].map(({ place, attempts, position }) => ({
      ...place,
      count: attempts.length - position,
    }));
  }
}

function keyOf({ pool, lane }: Place): string {
  return `${lane} ${pool}`;
}
