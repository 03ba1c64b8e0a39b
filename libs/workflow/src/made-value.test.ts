import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { readWorkflow, readWorkflowValue, type TaskDefinition } from './index.ts';

const noop = {
  type: 'noop',
  description: 'Does nothing.',
  config: z.strictObject({ words: z.record(z.string(), z.unknown()).optional() }),
  inputs: { min: 0, max: 1 },
  produces: 'nothing',
  outside: 'untouched',
  lane: 'light',
  textFields: [],
  connections: () => [],
  outputSchema: () => undefined,
} as unknown as TaskDefinition;
const options = { taskTypes: new Map([['noop', noop]]) };

const tasks = { one: { type: 'noop' }, two: { type: 'noop', needs: ['one'] } };

test.each([
  { name: 'w', tasks },
  { name: 'w', description: 'true', params: { day: { type: 'date' } }, tasks },
  {
    name: 'w',
    schedules: [{ cron: '0 6 * * *' }],
    notify: [{ on: ['failed'], email: ['a@b.no'] }],
    tasks,
  },
  {
    name: 'w',
    tasks: {
      one: { type: 'noop', words: JSON.parse('{"__proto__": 1, "x": [1.5, null]}') as object },
    },
  },
  {
    name: 'w',
    tasks: { one: { type: 'noop', needs: ['two'] }, two: { type: 'noop', needs: ['one'] } },
  },
  { name: 'w', unknown: 7, tasks: { one: { type: 'noop', needs: ['nobody'] } } },
  { name: 7, tasks: 'none' },
  'no document',
  { name: 'w', tasks: { one: { type: 'noop', description: 'nul \0' } } },
  { name: 'w', tasks: { one: { type: 'noop', words: { 'nul \0': 1 } } } },
])('a document that was made is read as its text is: %j', (document) => {
  const made = readWorkflowValue(document, options);
  const read = readWorkflow(stringify(document).replaceAll('\0', '\\0'), options);
  expect(made.workflow).toEqual(read.workflow);
  const told = ({ violations }: typeof made) =>
    violations.map(({ field, message }) => [field, message]);
  expect(told(made)).toEqual(told(read));
});
