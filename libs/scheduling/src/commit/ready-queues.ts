import type { Lane } from '@floe/engine';
import type { ReadyAttempt, Supply } from '../ports.ts';
import type { NewlyReady } from './batch-rows.ts';

/** Where attempts wait: a kind of place in a pool. */
export type Place = { readonly pool: string; readonly lane: Lane };

/** Whether an attempt is for the executor that asks. */
export type Fits = (attempt: ReadyAttempt) => boolean;

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
    for (const [key, ofPlace] of Map.groupBy(supplies, keyOf)) {
      const hasMore = ofPlace.some((supply) => supply.hasMore);
      this.#add(ofPlace[0]!, [...attemptsOf(ofPlace), ...(fresh.get(key) ?? [])], hasMore);
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

  /** The first that fits; those before it stay for others. */
  take(place: Place, fits: Fits): ReadyAttempt | undefined {
    const queue = this.#queues.get(keyOf(place));
    if (queue === undefined) return undefined;
    for (let index = queue.position; index < queue.attempts.length; index += 1) {
      const attempt = queue.attempts[index]!;
      if (!fits(attempt)) continue;
      if (index === queue.position) queue.position += 1;
      else queue.attempts.splice(index, 1);
      return attempt;
    }
    return undefined;
  }

  hasMore(place: Place, fits: Fits): boolean {
    const queue = this.#queues.get(keyOf(place));
    if (queue === undefined) return false;
    return queue.hasMore || queue.attempts.some((each, at) => at >= queue.position && fits(each));
  }

  /** Those that were not taken, by place. */
  left(): readonly (Place & { readonly attempts: readonly ReadyAttempt[] })[] {
    return [...this.#queues.values()].map(({ place, attempts, position }) => ({
      ...place,
      attempts: attempts.slice(position),
    }));
  }
}

/** Those of several offers once each: what asks for nothing is in every one of them. */
function attemptsOf(supplies: readonly Supply[]): readonly ReadyAttempt[] {
  if (supplies.length === 1) return supplies[0]!.attempts;
  const named = supplies.flatMap(({ attempts }) =>
    attempts.map((each) => [`${each.runId}/${each.task}/${each.epoch}`, each] as const),
  );
  return [...new Map(named).values()];
}

function keyOf({ pool, lane }: Place): string {
  return `${lane} ${pool}`;
}
