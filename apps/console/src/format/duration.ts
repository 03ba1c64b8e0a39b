const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A length of time in at most two units: `340 ms`, `3.4 s`, `42.0 s`, `2 m 05 s`, `1 h 02 m`, `2 d 3 h`. */
export function formatDuration(milliseconds: number): string {
  const ms = Math.max(0, Math.round(milliseconds));
  if (ms < SECOND_MS) return `${ms} ms`;
  // Rounded down, so that what ticks never shows 60.0 s.
  if (ms < MINUTE_MS) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < HOUR_MS) return twoUnits(ms, { unitMs: MINUTE_MS, names: ['m', 's'] });
  if (ms < DAY_MS) return twoUnits(ms, { unitMs: HOUR_MS, names: ['h', 'm'] });
  return `${Math.floor(ms / DAY_MS)} d ${Math.floor((ms % DAY_MS) / HOUR_MS)} h`;
}

type Units = { readonly unitMs: number; readonly names: readonly [string, string] };

function twoUnits(ms: number, { unitMs, names }: Units): string {
  const large = Math.floor(ms / unitMs);
  const small = Math.floor((ms % unitMs) / (unitMs / 60));
  return `${large} ${names[0]} ${String(small).padStart(2, '0')} ${names[1]}`;
}

/** From one instant to another, or to now while there is no end; undefined before the start. */
export function elapsedMs(
  start: string | undefined,
  end: string | undefined,
  nowMs: number,
): number | undefined {
  if (start === undefined) return undefined;
  const endMs = end === undefined ? nowMs : Date.parse(end);
  // The clock of the browser may be behind that of the server.
  return Math.max(0, endMs - Date.parse(start));
}
