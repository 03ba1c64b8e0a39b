/**
 * What a package exports, as task types. It was written by somebody who reads one error after the other: each names the
 * package, the type and the field.
 */
import type { CustomTask } from '@floe/client/tasks';
import { FloeError } from '@floe/errors';
import { IDENTIFIER, TASK_FIELD_NAMES } from '@floe/workflow';
import { z } from 'zod';
import { TASK_TYPES } from '../registry.ts';

// A package with more types than Floe has itself several times over is a slip.
const TASKS_MAX = 100;
const FIELDS_MAX = 50;
// Those that are known before any package is.
const OWN_TYPES = new Set(TASK_TYPES.keys());

const field = z
  .strictObject({
    type: z.enum(['string', 'integer', 'number', 'boolean', 'strings']),
    description: z.string().min(1),
    required: z.boolean().optional(),
    choices: z.array(z.string()).min(1).optional(),
    connection: z.enum(['postgres', 'http']).optional(),
  })
  .refine(
    ({ type, choices, connection }) =>
      type === 'string' || (choices === undefined && connection === undefined),
    { error: 'only texts have `choices` or lead to a `connection`' },
  );

const fields = z
  .record(z.string(), field)
  .superRefine((all, context) => {
    for (const name of Object.keys(all)) {
      const message = problemOfName(name);
      if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
    }
  })
  .refine((all) => Object.keys(all).length <= FIELDS_MAX, { error: `at most ${FIELDS_MAX} fields` })
  .refine(
    (all) => new Set(Object.values(all).flatMap(({ connection = [] }) => connection)).size < 2,
    {
      error: 'all connections of a type are of one kind',
    },
  );

const count = z.int().min(0).max(100);

const task = z.strictObject({
  type: z
    .string()
    .regex(IDENTIFIER, 'a name of a-z, 0-9 and _ is wanted')
    .refine((type) => !OWN_TYPES.has(type), { error: 'Floe has a type of this name' }),
  description: z.string().min(1),
  fields: fields.optional(),
  inputs: z
    .strictObject({ min: count, max: count })
    .refine(({ min, max }) => min <= max, { error: '`min` is at most `max`' })
    .optional(),
  columns: z.union([z.record(z.string(), z.string()), z.custom(isFunction)]).optional(),
  outside: z.enum(['untouched', 'read', 'changed']).optional(),
  run: z.custom(isFunction, { error: 'a function is wanted' }),
});

const taskPackage = z.object({ tasks: z.array(task).min(1).max(TASKS_MAX) });

/** `exported` is what importing the package gives. Errors: CONFIGURATION_INVALID. */
export function readTaskPackage(specifier: string, exported: unknown): readonly CustomTask[] {
  const read = taskPackage.safeParse(exported);
  const types = read.data?.tasks.map(({ type }) => type) ?? [];
  const twice = types.find((type, index) => types.indexOf(type) !== index);
  const issues = read.error?.issues ?? [];
  const [first] = issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const problem = twice === undefined ? first : `tasks: ${twice} is there twice`;
  if (problem === undefined) return (exported as { tasks: readonly CustomTask[] }).tasks;
  throw new FloeError(
    'CONFIGURATION_INVALID',
    `${specifier} is no package of task types: ${problem}`,
    {
      details: { setting: 'FLOE_TASK_PACKAGES', package: specifier },
      hint: 'It exports `tasks`, a list of what docs/guides/task-packages.md describes.',
    },
  );
}

function problemOfName(name: string): string | undefined {
  if (!IDENTIFIER.test(name)) return 'a name of a-z, 0-9 and _ is wanted';
  return TASK_FIELD_NAMES.includes(name) ? 'every task has a field of this name' : undefined;
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
