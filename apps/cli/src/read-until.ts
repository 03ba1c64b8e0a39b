import { parseDurationMs } from '@floe/workflow/duration';
import { InvalidArgumentError } from 'commander';

/** The instant, as RFC 3339, of `90d` (from now), a day of UTC or an instant. */
export function readUntil(text: string): string {
  const aheadMs = parseDurationMs(text);
  const instant = aheadMs === undefined ? Date.parse(text) : Date.now() + aheadMs;
  if (!Number.isNaN(instant) && /^\d/.test(text)) return new Date(instant).toISOString();
  throw new InvalidArgumentError('Write for how long, like 90d, or a day or instant of RFC 3339.');
}
