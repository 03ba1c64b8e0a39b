import { z } from 'zod';
import type { TaskDefinition, TaskTypeRegistry } from '../src/task-definition.ts';

function aTaskType(
  type: string,
  rest: Pick<TaskDefinition, 'config' | 'inputs' | 'produces' | 'textFields'>,
): TaskDefinition {
  return {
    type,
    lane: 'slot',
    outside: rest.produces === 'dataset' ? 'read' : 'changed',
    description: `A ${type} of the tests.`,
    connections: () => [],
    outputSchema: () => undefined,
    ...rest,
  };
}

/** One type that only gives data, one that changes it, one that takes it, one that only stands in the order. */
export const SOME_TASK_TYPES: TaskTypeRegistry = new Map(
  [
    aTaskType('read', {
      config: z.strictObject({ query: z.string(), limit: z.int().optional() }),
      inputs: { min: 0, max: 0 },
      produces: 'dataset',
      textFields: ['query'],
    }),
    aTaskType('change', {
      config: z.strictObject({ text: z.string() }),
      inputs: { min: 1, max: 4 },
      produces: 'dataset',
      textFields: ['text'],
    }),
    aTaskType('write', {
      config: z.strictObject({ table: z.string(), mode: z.enum(['append', 'replace']) }),
      inputs: { min: 1, max: 1 },
      produces: 'nothing',
      textFields: [],
    }),
    aTaskType('act', {
      config: z.strictObject({ text: z.string() }),
      inputs: { min: 0, max: 0 },
      produces: 'nothing',
      textFields: ['text'],
    }),
    aTaskType('noop', {
      config: z.strictObject({}),
      inputs: { min: 0, max: 0 },
      produces: 'nothing',
      textFields: [],
    }),
  ].map((definition) => [definition.type, definition]),
);
