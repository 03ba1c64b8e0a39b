import { FloeError } from '@floe/errors';
import { createZones, startOfDay } from '@floe/schedule';

/** An instant, as RFC 3339, of what a person wrote: a day of the zone, or an instant with its offset. */
export function readInstant(option: string, text: string, timezone: string): string {
  const zone = createZones().find(timezone);
  const day = zone && startOfDay(zone, text);
  if (day !== undefined) return new Date(day).toISOString();
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(
    text,
  );
  const instant = isInstant ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(instant)) return new Date(instant).toISOString();
  throw new FloeError(
    'ARGUMENT_INVALID',
    `${option} ${JSON.stringify(text)} is no day or instant`,
    {
      hint: 'Write a day like 2026-01-31, or an instant like 2026-01-31T06:00:00Z.',
    },
  );
}
