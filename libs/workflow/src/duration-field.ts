import { z } from 'zod';
import { formatDuration, parseDurationMs } from './duration.ts';

const DURATION_RULE = 'a duration is written like 500ms, 30s, 10m, 1h30m or 1d';
const DURATION_PATTERN = /^(\d{1,9}(ms|[smhd]))+$/;

/** A field that holds a duration as text, like `30s`, between two bounds in milliseconds. */
export function durationField(bounds: { minMs: number; maxMs: number }): z.ZodString {
  const { minMs, maxMs } = bounds;
  const range = `must be from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
  return z
    .string()
    .regex(DURATION_PATTERN, { error: DURATION_RULE, abort: true })
    .refine((text) => parseDurationMs(text) !== undefined, {
      error: `${DURATION_RULE}, larger units first and each once`,
      abort: true,
    })
    .refine((text) => isWithin(parseDurationMs(text), minMs, maxMs), { error: range });
}

function isWithin(value: number | undefined, min: number, max: number): boolean {
  return value !== undefined && value >= min && value <= max;
}
