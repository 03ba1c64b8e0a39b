/** A span of time as days that were counted, and what is left of it at both ends. The day of a run is that of its id, in UTC. */
import { firstRunIdAt } from '../../run-id.ts';

type Edge = { readonly fromMs: number | undefined; readonly toMs: number | undefined };

export type Span = Edge & {
  /** From the first of the whole days to behind the last; undefined where no day lies in the span as a whole. */
  readonly days: Edge | undefined;
  readonly edges: readonly Edge[];
};

const DAY_MS = 86_400_000;
// PostgreSQL has no year 0.
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');

export function spanOf(from: Date | undefined, to: Date | undefined): Span {
  const [fromMs, toMs] = [from, to].map((time) => time && Math.max(time.getTime(), FIRST_MS));
  const firstDay = fromMs === undefined ? undefined : Math.ceil(fromMs / DAY_MS) * DAY_MS;
  const behindDays = toMs === undefined ? undefined : Math.floor(toMs / DAY_MS) * DAY_MS;
  if (firstDay !== undefined && behindDays !== undefined && firstDay >= behindDays) {
    return { fromMs, toMs, days: undefined, edges: [{ fromMs, toMs }] };
  }
  const edges = [
    { fromMs, toMs: firstDay },
    { fromMs: behindDays, toMs },
  ].filter((edge) => edge.fromMs !== undefined && edge.toMs !== undefined);
  return {
    fromMs,
    toMs,
    days: { fromMs: firstDay, toMs: behindDays },
    edges: edges.filter((edge) => edge.fromMs !== edge.toMs),
  };
}

/** The first id of an instant: that of a run which was made in its first millisecond is not lower. */
export function idOf(ms: number): string {
  return firstRunIdAt(ms);
}

export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
