import { expect, test } from 'vitest';
import { SOME_TASK_TYPES } from '../test/some-task-types.ts';
import { documentSchema, type JsonSchema } from './document-schema.ts';

const schema = documentSchema(SOME_TASK_TYPES);

function objectsIn(value: unknown): readonly JsonSchema[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (typeof value !== 'object' || value === null) return [];
  return [value as JsonSchema, ...Object.values(value).flatMap(objectsIn)];
}

test('describes every task type with the fields of all tasks and its own', () => {
  const { tasks } = schema['properties'] as Record<string, JsonSchema>;
  const { oneOf } = tasks!['additionalProperties'] as { oneOf: readonly JsonSchema[] };
  expect(oneOf.map((each) => each['title'])).toEqual(['read', 'change', 'write', 'act', 'noop']);
  const read = oneOf[0]!;
  expect(read['properties']).toMatchObject({
    type: { const: 'read' },
    query: { type: 'string' },
    needs: { type: 'array' },
    retries: { type: 'object' },
  });
  expect(read).toMatchObject({ additionalProperties: false, required: ['type', 'query'] });
});

test('is draft 7, with nothing that only later drafts know', () => {
  expect(schema['$schema']).toBe('http://json-schema.org/draft-07/schema#');
  for (const part of objectsIn(schema)) {
    expect(part).not.toHaveProperty('prefixItems');
    expect(part).not.toHaveProperty('$defs');
  }
});

test('is the same text each time', () => {
  expect(JSON.stringify(documentSchema(SOME_TASK_TYPES))).toBe(JSON.stringify(schema));
});
