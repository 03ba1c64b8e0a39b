import { z } from 'zod';
import { parameterFields, taskFields, topFields } from './document-schema-parts.ts';
import { notifyFields } from './notify-fields.ts';
import { scheduleFields } from './schedule-fields.ts';
import type { TaskDefinition, TaskTypeRegistry } from './task-definition.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * JSON Schema of the document for editors, draft 7 (the newest that the YAML language server reads). It knows the
 * fields of each task type; the graph, references and columns are checked by `parseWorkflow` and by apply.
 */
export function documentSchema(taskTypes: TaskTypeRegistry): JsonSchema {
  const top = toJsonSchema(topFields);
  const properties = top['properties'] as JsonSchema;
  return {
    ...top,
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Floe workflow',
    description: 'A data workflow: tasks, the data between them, and parameters.',
    properties: {
      ...properties,
      params: {
        type: 'object',
        description: 'What a run may be given.',
        additionalProperties: toJsonSchema(parameterFields),
      },
      tasks: {
        type: 'object',
        description: 'The tasks by name.',
        minProperties: 1,
        additionalProperties: { oneOf: [...taskTypes.values()].map(taskSchema) },
      },
      schedules: {
        type: 'array',
        description: 'When it runs by itself.',
        items: toJsonSchema(scheduleFields),
      },
      notify: {
        type: 'array',
        description: 'Who is told how its runs end, or that they are late.',
        items: toJsonSchema(notifyFields),
      },
    },
    required: ['name', 'tasks'],
  };
}

function taskSchema(definition: TaskDefinition): JsonSchema {
  const schema = toJsonSchema(taskFields.extend(definition.config.shape).strict());
  const properties = schema['properties'] as JsonSchema;
  const type = { const: definition.type, description: definition.description };
  return {
    ...schema,
    title: definition.type,
    description: definition.description,
    properties: { ...properties, type },
  };
}

function toJsonSchema(schema: z.ZodObject): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // JSON has one kind of number; beyond 2^53 YAML gives a bigint.
      if (zodSchema._zod.def.type === 'bigint') jsonSchema.type = 'integer';
    },
  });
  return rest;
}
