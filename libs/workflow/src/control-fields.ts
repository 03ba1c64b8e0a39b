import { z } from 'zod';
import { IDENTIFIER, IDENTIFIER_RULE } from './names.ts';
import {
  CONCURRENCY_KEY_LENGTH_MAX,
  CONCURRENCY_LIMIT_MAX,
  ITEM_ATTEMPTS_MAX,
  ITEM_CHUNK_MAX,
  ITEM_COUNT_MAX,
  PARTITION_COUNT_MAX,
} from './limits.ts';
import { CONFLICT_POLICIES, PARAMETER_TYPES } from './workflow.ts';

/** Fields that say when, how often and beside whom a task or a run goes ahead. */

const identifier = () => z.string().regex(IDENTIFIER, { error: IDENTIFIER_RULE });

// An integer beyond 2^53 arrives as a bigint, which is no JSON; the schema for editors describes it as a number.
const itemValue = z.union([z.string(), z.number(), z.boolean(), z.bigint()]);

export const foreachField = z.strictObject({
  items: z.array(itemValue).max(ITEM_COUNT_MAX).optional().describe('The items themselves.'),
  parameter: identifier().optional().describe('A text parameter that holds a JSON list of items.'),
  rows: identifier().optional().describe('A task before this one: one item for each of its rows.'),
  column: z.string().min(1).optional().describe('With `rows`: the column that holds the item.'),
  type: z.enum(PARAMETER_TYPES).optional().describe('The type of the items.'),
  chunk: z
    .int()
    .min(1)
    .max(ITEM_CHUNK_MAX)
    .optional()
    .describe('Items that one attempt goes through; without it a fitting number.'),
  parallel: z
    .int()
    .min(1)
    .max(ITEM_ATTEMPTS_MAX)
    .optional()
    .describe('Attempts that may run at once.'),
});

export const partitionsField = z.int().min(2).max(PARTITION_COUNT_MAX);

export const concurrencyField = z.strictObject({
  key: z
    .string()
    .min(1)
    .max(CONCURRENCY_KEY_LENGTH_MAX)
    .optional()
    .describe(
      'Who shares the places: whatever has the same key. It may hold `${{ params.name }}`. Without it: the name.',
    ),
  limit: z
    .int()
    .min(1)
    .max(CONCURRENCY_LIMIT_MAX)
    .optional()
    .describe('How many may go ahead at once.'),
  on_conflict: z
    .enum(CONFLICT_POLICIES)
    .optional()
    .describe('What happens when all places are taken: wait, take the place, or do without.'),
});

export type ForeachFields = z.output<typeof foreachField>;
export type ConcurrencyFields = z.output<typeof concurrencyField>;
