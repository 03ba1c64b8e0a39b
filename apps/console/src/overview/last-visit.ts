import { serverNow } from '../server-clock.ts';

/**
 * When this browser looked at the overview before: what has failed since then is new. Looks that follow each other are
 * one visit.
 */
export type Visits = {
  /** The last look. */
  readonly atMs: number;
  /** The end of the visit before this one; 0 where there was none. */
  readonly beforeMs: number;
};

const KEY = 'floe.visits';
// A longer pause than for a coffee.
const PAUSE_MS = 30 * 60_000;

/** The visits after a look. */
export function look(visits: Visits | undefined, nowMs: number): Visits {
  if (visits === undefined) return { atMs: nowMs, beforeMs: 0 };
  const isNew = nowMs - visits.atMs > PAUSE_MS;
  return { atMs: nowMs, beforeMs: isNew ? visits.atMs : visits.beforeMs };
}

/** The visits in a text; undefined for what is none. */
export function parseVisits(text: string | null): Visits | undefined {
  const [, at, before] = /^(\d{1,15}) (\d{1,15})$/.exec(text ?? '') ?? [];
  return at === undefined ? undefined : { atMs: Number(at), beforeMs: Number(before) };
}

/** Notes a look of now, and says when the visit before ended; 0 where nobody knows. */
export function noteVisit(): number {
  try {
    const visits = look(parseVisits(localStorage.getItem(KEY)), serverNow());
    localStorage.setItem(KEY, `${visits.atMs} ${visits.beforeMs}`);
    return visits.beforeMs;
  } catch {
    // Storage may be switched off: then nothing is new.
    return 0;
  }
}
