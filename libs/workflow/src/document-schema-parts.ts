import { CATALOGUE } from '@floe/errors';
import { z } from 'zod';
import { cacheField } from './cache-field.ts';
import { concurrencyField, foreachField, partitionsField } from './control-fields.ts';
import { durationField } from './duration-field.ts';
import { formatDuration } from './duration.ts';
import {
  DEFAULT_POOL,
  DEFAULT_PRIORITY,
  DEFAULT_QUEUE_TIMEOUT_MS,
  DEFAULT_RETRIES,
  DEFAULT_RUN_TIMEOUT_MS,
  DEFAULT_TASK_TIMEOUT_MS,
  DESCRIPTION_LENGTH_MAX,
  LABEL_COUNT_MAX,
  MASKED_COLUMN_COUNT_MAX,
  MEMORY_BYTES_MIN,
  PRIORITY_MAX,
  PRIORITY_MIN,
  RETRY_COUNT_MAX,
  RETRY_DELAY_MS_MAX,
  TIMEOUT_MS_MAX,
  TIMEOUT_MS_MIN,
} from './limits.ts';
import { parseMemoryBytes } from './memory-size.ts';
import {
  IDENTIFIER,
  IDENTIFIER_RULE,
  LABEL,
  LABEL_RULE,
  RESOURCE_NAME,
  RESOURCE_NAME_RULE,
} from './names.ts';
import { PARAMETER_TYPES, TRIGGERS } from './workflow.ts';

const timeout = () => durationField({ minMs: TIMEOUT_MS_MIN, maxMs: TIMEOUT_MS_MAX });
const retryDelay = () => durationField({ minMs: 0, maxMs: RETRY_DELAY_MS_MAX });

/** The name of a pool, connection or workflow. */
export function resourceNameField(): z.ZodString {
  return z.string().regex(RESOURCE_NAME, { error: RESOURCE_NAME_RULE });
}

/** The name of a task. */
export function taskNameField(): z.ZodString {
  return z.string().regex(IDENTIFIER, { error: IDENTIFIER_RULE });
}

export const descriptionField = () => z.string().max(DESCRIPTION_LENGTH_MAX);

/** What `retries.on` may name. */
export const RETRY_ERRORS = [
  ...Object.keys(CATALOGUE),
  ...new Set(Object.values(CATALOGUE).map(({ category }) => category)),
];

const retriesField = z.strictObject({
  max: z
    .int()
    .min(0)
    .max(RETRY_COUNT_MAX)
    .optional()
    .describe(`Attempts after the first; ${DEFAULT_RETRIES.max} by default.`),
  delay: retryDelay()
    .optional()
    .describe(
      `Wait before the first retry; ${formatDuration(DEFAULT_RETRIES.delayMs)} by default.`,
    ),
  backoff: z
    .number()
    .min(1)
    .max(100)
    .optional()
    .describe(`Factor by which each wait is longer; ${DEFAULT_RETRIES.backoff} by default.`),
  max_delay: retryDelay()
    .optional()
    .describe(
      `Longest wait between two attempts; ${formatDuration(DEFAULT_RETRIES.maxDelayMs)} by default.`,
    ),
  jitter: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(`Part of the wait that is random, 0 to 1; ${DEFAULT_RETRIES.jitter} by default.`),
  on: z
    .array(z.enum(RETRY_ERRORS))
    .min(1)
    .optional()
    .describe('Only after these errors, by code or category; others are not tried again.'),
});

/** Fields that `defaults` may set for all tasks. */
const sharedFields = {
  retries: retriesField.optional().describe('When a failed attempt is tried again.'),
  timeout: timeout()
    .optional()
    .describe(
      `How long one attempt may take; ${formatDuration(DEFAULT_TASK_TIMEOUT_MS)} by default.`,
    ),
  queue_timeout: timeout()
    .optional()
    .describe(
      `How long a task may wait for an executor; ${formatDuration(DEFAULT_QUEUE_TIMEOUT_MS)} by default.`,
    ),
  start_timeout: timeout()
    .optional()
    .describe('How long a worker may take to begin once an executor has the task.'),
  progress_timeout: timeout()
    .optional()
    .describe(
      'How long an attempt may report no progress; shorter than its longest single step ends it for nothing.',
    ),
  total_timeout: timeout()
    .optional()
    .describe('How long the task may take in all, from the first attempt to the end of the last.'),
  pool: resourceNameField()
    .optional()
    .describe(`The group of executors that runs the task; \`${DEFAULT_POOL}\` by default.`),
  labels: z
    .array(z.string().regex(LABEL, { error: LABEL_RULE }))
    .max(LABEL_COUNT_MAX)
    .optional()
    .describe('What an executor of the pool must offer to take the task, like [gpu].'),
  priority: z
    .int()
    .min(PRIORITY_MIN)
    .max(PRIORITY_MAX)
    .optional()
    .describe(`0 to 9; higher goes first within its pool. ${DEFAULT_PRIORITY} by default.`),
  memory: z
    .string()
    .refine((text) => parseMemoryBytes(text) !== undefined, {
      error: 'a size is written like 512MiB or 1.5GiB',
      abort: true,
    })
    .refine((text) => (parseMemoryBytes(text) ?? 0) >= MEMORY_BYTES_MIN, {
      error: 'must be at least 128MiB',
    })
    .optional()
    .describe(
      'Memory of its worker above which the task is stopped; by default an equal part, for each slot, of what the executor may use.',
    ),
  materialize: z
    .boolean()
    .optional()
    .describe('Stores its rows also where it could be one query with the task behind it.'),
};

export const defaultsField = z.strictObject(sharedFields);

/** Fields that every task has, whatever its type. */
export const taskFields = z.strictObject({
  type: z.string().describe('What the task does.'),
  description: descriptionField().optional().describe('For people.'),
  inputs: z.array(taskNameField()).optional().describe('Tasks whose datasets this one reads.'),
  needs: z
    .array(taskNameField())
    .optional()
    .describe('Tasks that must succeed first, without data.'),
  trigger: z.enum(TRIGGERS).optional().describe('Which ends of the tasks before it let it begin.'),
  when: z
    .string()
    .optional()
    .describe(
      'A condition on parameters and on the tasks before it, like `tasks.flights.rows > 0`; else it is skipped.',
    ),
  foreach: foreachField.optional().describe('Goes through many items within one task.'),
  partitions: partitionsField
    .optional()
    .describe(
      'Parts that executors read at the same time, of one snapshot. Tasks behind it that look at each row alone follow.',
    ),
  concurrency: concurrencyField.optional().describe('How many with the same key may run at once.'),
  cache: cacheField
    .optional()
    .describe('How old a result of an earlier run may be to stand for its own, like `1d`.'),
  contract: z
    .record(z.string().min(1), z.string())
    .optional()
    .describe(
      'The columns of its dataset with their types, like `total: Int64`; others are errors.',
    ),
  ...sharedFields,
});

/** Fields without a part in what the task reads or gives. */
export const CONDUCT_FIELDS: ReadonlySet<string> = new Set([
  'description',
  'trigger',
  'when',
  'concurrency',
  'cache',
  ...Object.keys(sharedFields),
]);

// An integer beyond 2^53 arrives as a bigint, which is no JSON; the schema for editors describes it as a number.
const parameterValue = z.union([z.string(), z.number(), z.boolean(), z.bigint()]);

export const parameterFields = z.strictObject({
  type: z.enum(PARAMETER_TYPES).describe('The type of its values.'),
  default: parameterValue.optional().describe('The value when a run gives none.'),
  required: z.boolean().optional().describe('False lets a run leave it out; it is null then.'),
  enum: z.array(parameterValue).min(1).max(1_000).optional().describe('The only values allowed.'),
  description: descriptionField().optional().describe('For people.'),
});

/** Top-level fields except those that are records of others. */
export const topFields = z.strictObject({
  name: resourceNameField().describe('The name of the workflow.'),
  description: descriptionField().optional().describe('For people.'),
  defaults: defaultsField.optional().describe('What holds for every task that says nothing else.'),
  timeout: timeout()
    .optional()
    .describe(
      `How long a run may take in all; ${formatDuration(DEFAULT_RUN_TIMEOUT_MS)} by default.`,
    ),
  mask: z
    .array(z.string().min(1))
    .max(MASKED_COLUMN_COUNT_MAX)
    .optional()
    .describe('Columns whose values nobody is shown: not in previews, not in findings of checks.'),
  concurrency: concurrencyField.optional().describe('How many of its runs may go ahead at once.'),
});

export type TopFields = z.output<typeof topFields>;
export type DefaultFields = z.output<typeof defaultsField>;
export type TaskFields = z.output<typeof taskFields>;

/** Fields that every task has; a type has none of the same name. */
export const TASK_FIELD_NAMES: readonly string[] = Object.keys(taskFields.shape);
export type ParameterFields = z.output<typeof parameterFields>;
