import type { BenchOptions, Figures, Measurement, Peer } from '../bench.ts';
import type { Repetitions } from '../repetitions.ts';
import { median, rounded, spreadOf } from '../statistics.ts';

/** One thing that Floe does, and how another program does the same. */
export type Contest = {
  /** The key of the peer and its ratio. */
  readonly peer: string;
  readonly floe: () => Promise<number>;
  /** Undefined where the other program is missing. */
  readonly other: (() => Promise<number>) | undefined;
  /** Why it is missing. */
  readonly skipped: string;
};

export type Pair = { readonly floe: number; readonly other: number | undefined };

/** All contests in turns, so that a machine that becomes slower becomes slower for all. Seconds. */
export async function measureContests(
  contests: readonly Contest[],
  { times, warmUps, say, signal }: BenchOptions & Repetitions,
): Promise<ReadonlyMap<string, readonly Pair[]>> {
  const pairs = new Map(contests.map(({ peer }) => [peer, [] as Pair[]]));
  for (let index = 1 - warmUps; index <= times; index += 1) {
    for (const { peer, floe, other } of contests) {
      signal.throwIfAborted();
      const pair = { floe: await floe(), other: await other?.() };
      const beside = pair.other === undefined ? '' : `, the other ${rounded(pair.other)} s`;
      const turn = index > 0 ? `${index}/${times}` : 'warm-up';
      say(`${peer} ${turn}: Floe ${rounded(pair.floe)} s${beside}`);
      if (index > 0) pairs.get(peer)?.push(pair);
    }
  }
  return pairs;
}

/** A ratio is the median of the ratios of the pairs. */
export function comparePairs(
  contests: readonly Contest[],
  measured: ReadonlyMap<string, readonly Pair[]>,
): Pick<Measurement, 'peers' | 'ratios'> {
  const peers: Record<string, Peer> = {};
  const ratios: Record<string, number> = {};
  for (const { peer, skipped } of contests) {
    const both = (measured.get(peer) ?? []).flatMap(({ floe, other }) =>
      other === undefined ? [] : [{ floe, other }],
    );
    if (both.length === 0) peers[peer] = { skipped };
    else {
      peers[peer] = secondsOf(
        '',
        both.map(({ other }) => other),
      );
      ratios[peer] = rounded(median(both.map(({ floe, other }) => floe / other)));
    }
  }
  return { peers, ratios };
}

export function secondsOf(prefix: string, seconds: readonly number[]): Figures {
  const { median: middle, min, max } = spreadOf(seconds);
  return {
    [`${prefix}wall_s`]: rounded(middle),
    [`${prefix}min_s`]: rounded(min),
    [`${prefix}max_s`]: rounded(max),
  };
}
