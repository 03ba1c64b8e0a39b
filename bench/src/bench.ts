import type { BenchFloe } from './floe/bench-floe.ts';

/** Numbers by name; the unit is the end of the name: `p50_ms`, `wall_s`. */
export type Figures = Readonly<Record<string, number>>;

/** What another program needed for the same work, or why it could not be asked. */
export type Peer = Figures | { readonly skipped: string };

export type Measurement = {
  readonly figures: Figures;
  readonly peers: Readonly<Record<string, Peer>>;
  /** Floe's time over that of the peer of the same name. A peer that was skipped has none. */
  readonly ratios: Figures;
};

export type BenchOptions = {
  /** Fewer repetitions of the same work: for a look, not for a record. */
  readonly isQuick: boolean;
  /** For benches that have sizes: so many rows instead of their own. */
  readonly rows: number | undefined;
  /** Tells a person how far it is. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

export type Bench = {
  /** One line for the list of benches. */
  readonly summary: string;
  /** The rows that it moves when nobody says how many; absent where that cannot be said. */
  readonly rows?: number;
  run(floe: BenchFloe, options: BenchOptions): Promise<Measurement>;
};
