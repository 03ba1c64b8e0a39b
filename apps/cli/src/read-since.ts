import { parseDurationMs } from '@floe/workflow/duration';
import { InvalidArgumentError } from 'commander';

const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** The instant, as RFC 3339, of `2h` (so long ago), a day of UTC or an instant. */
export function readSince(text: string): string {
  const agoMs = parseDurationMs(text);
  if (agoMs !== undefined) return new Date(Date.now() - agoMs).toISOString();
  const instant = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(instant)) return new Date(instant).toISOString();
  throw new InvalidArgumentError('Write how long ago, like 2h, or a day or instant of RFC 3339.');
}
