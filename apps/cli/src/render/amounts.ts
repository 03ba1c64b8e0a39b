/** Numbers as people read them. Counts come as numbers or, being 64 bits wide, as decimal text. */

const KIB = 1024;
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

const RATE_STEPS = [
  { from: 1e9, unit: 'G' },
  { from: 1e6, unit: 'M' },
  { from: 1e3, unit: 'k' },
] as const;

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `3,000,000`. */
export function formatCount(count: number | string): string {
  return BigInt(count).toLocaleString('en-US');
}

/** `45.1 MiB`. */
export function formatBytes(bytes: number | string): string {
  let amount = Number(bytes);
  let unit = 0;
  while (amount >= KIB && unit < BYTE_UNITS.length - 1) {
    amount /= KIB;
    unit += 1;
  }
  return `${amount >= 100 || unit === 0 ? Math.round(amount) : amount.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

/** `1.2 M/s`. */
export function formatRate(perSecond: number): string {
  const step = RATE_STEPS.find(({ from }) => perSecond >= from);
  if (step === undefined) return `${Math.round(perSecond)}/s`;
  const amount = perSecond / step.from;
  return `${amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${step.unit}/s`;
}

/** `850 ms`, `3.2 s`, `2 m 05 s`, `1 h 02 m`. */
export function formatDuration(milliseconds: number | string): string {
  const ms = Math.max(0, Math.round(Number(milliseconds)));
  if (ms < SECOND_MS) return `${ms} ms`;
  if (ms < MINUTE_MS) return `${(ms / SECOND_MS).toFixed(1)} s`;
  if (ms < HOUR_MS)
    return `${Math.floor(ms / MINUTE_MS)} m ${twoDigits(ms % MINUTE_MS, SECOND_MS)} s`;
  return `${Math.floor(ms / HOUR_MS)} h ${twoDigits(ms % HOUR_MS, MINUTE_MS)} m`;
}

function twoDigits(ms: number, unitMs: number): string {
  return String(Math.floor(ms / unitMs)).padStart(2, '0');
}

/** `just now`, `5 min ago`, `3 h ago`, `2 d ago`. */
export function formatAge(instant: string | undefined, now: number): string {
  if (instant === undefined) return '';
  const ms = now - Date.parse(instant);
  if (ms < MINUTE_MS) return 'just now';
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min ago`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h ago`;
  return `${Math.floor(ms / DAY_MS)} d ago`;
}

/** `1 task`, `3 tasks`. */
export function formatPlural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
