/** Schemas flow from task to task; each definition here is the smallest that shows one rule of the flow. */
import { FloeError } from '@floe/errors';
import type { Schema } from '@floe/expression';
import { parseWorkflow, type TaskDefinition } from '@floe/workflow';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { checkTypes } from './check-types.ts';

const NUMBERS: Schema = [{ name: 'n', type: { kind: 'int64' } }];

const read: TaskDefinition = {
  type: 'read',
  description: 'Gives what the database describes.',
  config: z.strictObject({}),
  inputs: { min: 0, max: 0 },
  produces: 'dataset',
  outside: 'read',
  lane: 'slot',
  textFields: [],
  connections: () => [],
  outputSchema: ({ described }) => described,
};

const pick: TaskDefinition = {
  type: 'pick',
  description: 'Keeps the columns that its text names, one on each line.',
  config: z.strictObject({ text: z.string() }),
  inputs: { min: 1, max: 1 },
  produces: 'dataset',
  outside: 'read',
  lane: 'slot',
  textFields: ['text'],
  connections: () => [],
  outputSchema: ({ config, inputs }) => {
    const [schema] = inputs.values();
    if (schema === undefined) return undefined;
    return String(config['text'])
      .trimEnd()
      .split('\n')
      .map((name, line) => {
        const column = schema.find((each) => each.name === name);
        if (column !== undefined) return column;
        const place = { line: line + 1, column: 1, length: name.length };
        throw new FloeError('EXPRESSION_INVALID', 'wrong', {
          violations: [{ field: 'text', message: `no column ${name}`, place }],
        });
      });
  },
};

const taskTypes = new Map([read, pick].map((definition) => [definition.type, definition]));

// The tasks stand in the document against the direction of the data.
const document = (text: string) => `name: x
tasks:
  last: { type: pick, inputs: [middle], text: n }
  middle:
    type: pick
    inputs: [first]
    text: |
${text}
  first: { type: read }
`;

function check(text: string, described: ReadonlyMap<string, Schema>) {
  const { workflow, source } = parseWorkflow(document(text), { taskTypes });
  return checkTypes(workflow, { taskTypes, described, source });
}

test('gives every task the columns of those before it', () => {
  const { schemas, violations } = check('      n', new Map([['first', NUMBERS]]));
  expect(violations).toEqual([]);
  expect([...schemas.keys()]).toEqual(['first', 'middle', 'last']);
  expect(schemas.get('last')).toEqual(NUMBERS);
});

test('an error in the third line of a block is shown at its line and column of the document', () => {
  const { violations } = check('      n\n      n\n      wrong', new Map([['first', NUMBERS]]));
  expect(violations).toEqual([
    {
      field: 'tasks.middle.text',
      message: 'no column wrong',
      place: { line: 10, column: 7, length: 5 },
    },
  ]);
  expect(document('      n\n      n\n      wrong').split('\n')[9]).toBe('      wrong');
});

test('one mistake is reported once: what follows it is not known', () => {
  const { schemas, violations } = check('      wrong', new Map([['first', NUMBERS]]));
  expect(violations).toHaveLength(1);
  expect([...schemas.keys()]).toEqual(['first']);
});

test('what no database could describe is not known, which is no error', () => {
  const { schemas, violations } = check('      anything', new Map());
  expect(violations).toEqual([]);
  expect(schemas.size).toBe(0);
});
