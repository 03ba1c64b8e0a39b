const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const WHOLE = /^(?:\d{1,9}(?:ms|[smhd]))+$/;
const PART = /(\d{1,9})(ms|[smhd])/g;

/** Milliseconds of a duration like `500ms`, `30s`, `1h30m` or `1d`; undefined when the text is not one. */
export function parseDurationMs(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  let totalMs = 0;
  let previousUnitMs = Number.POSITIVE_INFINITY;
  for (const [, count, unit] of text.matchAll(PART)) {
    const unitMs = UNITS[unit!]!;
    if (unitMs >= previousUnitMs) return undefined;
    totalMs += Number(count) * unitMs;
    previousUnitMs = unitMs;
  }
  return totalMs;
}

/** The shortest text that `parseDurationMs` reads back as this many milliseconds. */
export function formatDuration(durationMs: number): string {
  let restMs = durationMs;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const count = Math.floor(restMs / UNITS[unit]!);
    restMs -= count * UNITS[unit]!;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}
