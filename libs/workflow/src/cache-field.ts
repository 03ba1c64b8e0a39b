import { z } from 'zod';
import { durationField } from './duration-field.ts';
import { CACHE_KEY_LENGTH_MAX, CACHE_TTL_MS_MAX, CACHE_TTL_MS_MIN } from './limits.ts';
import { parseDurationMs } from './duration.ts';
import type { Cache } from './workflow.ts';

const ttl = () => durationField({ minMs: CACHE_TTL_MS_MIN, maxMs: CACHE_TTL_MS_MAX });

const cacheBlock = z.strictObject({
  ttl: ttl().optional().describe('How old a result may be. Tasks that read from outside need it.'),
  key: z
    .string()
    .min(1)
    .max(CACHE_KEY_LENGTH_MAX)
    .optional()
    .describe(
      'What the result depends on besides its text, parameters and inputs. It may hold `${{ params.name }}`.',
    ),
});

/** `1d`, a block, or `true`: as long as the result is there. */
export const cacheField = z.union([ttl(), z.literal(true), cacheBlock]);

export function parseCache(field: z.output<typeof cacheField>): Cache {
  if (field === true) return {};
  const { ttl: text, key }: z.output<typeof cacheBlock> =
    typeof field === 'string' ? { ttl: field } : field;
  // The text has been checked against the schema.
  const ttlMs = text === undefined ? undefined : parseDurationMs(text);
  return { ...(ttlMs !== undefined && { ttlMs }), ...(key !== undefined && { key }) };
}
