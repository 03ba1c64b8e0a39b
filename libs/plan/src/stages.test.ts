import { parseWorkflow, type Task, type TaskDefinition } from '@floe/workflow';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { planStages } from './stages.ts';

const aTaskType = (type: string, min: number): [string, TaskDefinition] => [
  type,
  {
    type,
    description: `A ${type} of the tests.`,
    config: z.strictObject({}),
    inputs: { min, max: 8 },
    produces: 'dataset',
    lane: 'slot',
    outside: 'untouched',
    textFields: [],
    connections: () => [],
    outputSchema: () => undefined,
  },
];
const taskTypes = new Map([aTaskType('read', 0), aTaskType('shape', 1)]);

/** The stages by the names of their tasks. */
function stagesOf(tasks: string): readonly (readonly string[])[] {
  const { workflow } = parseWorkflow(`name: x\n${tasks}`, { taskTypes });
  const rules = ({ type, description }: Task) => {
    if (type !== 'shape' || description === 'takes rows by place') return 'nowhere';
    return description === 'may fail' ? 'last' : 'anywhere';
  };
  return planStages(workflow, rules).map((stage) =>
    stage.map((index) => workflow.tasks[index]!.id),
  );
}

const CHAIN = (b = '', c = '') => `tasks:
  rows: { type: read }
  a: { type: shape, inputs: [rows] }
  b: { type: shape, inputs: [a]${b} }
  c: { type: shape, inputs: [b]${c} }
`;

test('joins transforms that follow each other, and nothing else', () => {
  expect(stagesOf(CHAIN())).toEqual([['a', 'b', 'c']]);
  expect(stagesOf('tasks:\n  rows: { type: read }\n  a: { type: shape, inputs: [rows] }')).toEqual(
    [],
  );
});

test('finds a chain that stands in the document against the direction of its data', () => {
  const tasks = `tasks:
  b: { type: shape, inputs: [a] }
  a: { type: shape, inputs: [rows] }
  rows: { type: read }
`;
  expect(stagesOf(tasks)).toEqual([['a', 'b']]);
});

test('ends where two tasks wait for one, also where one of them reads nothing of it', () => {
  expect(stagesOf(`${CHAIN()}  d: { type: shape, inputs: [b] }\n`)).toEqual([['a', 'b']]);
  expect(stagesOf(`${CHAIN()}  d: { type: read, needs: [a] }\n`)).toEqual([['b', 'c']]);
});

test('goes on with one of two chains that are joined', () => {
  const joined = `${CHAIN()}  d: { type: shape, inputs: [rows] }
  e: { type: shape, inputs: [d] }
  both: { type: shape, inputs: [e, c] }
`;
  expect(stagesOf(joined)).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e', 'both'],
  ]);
});

test.each([
  ['materialize: true', [['a', 'b']]],
  ['description: may fail', [['a', 'b']]],
  ['description: takes rows by place', []],
  ['contract: { n: Int64 }', [['a', 'b']]],
  ['memory: 1GiB', []],
  ['pool: big', []],
  ['when: tasks.a.rows > 0', [['b', 'c']]],
  ['concurrency: { limit: 2 }', []],
  ['total_timeout: 1h', []],
  ['progress_timeout: 1m', []],
])('ends at %s', (field, expected) => {
  expect(stagesOf(CHAIN(`, ${field}`))).toEqual(expected);
});

test('stores all rows where `defaults` say so', () => {
  expect(stagesOf(`defaults: { materialize: true }\n${CHAIN()}`)).toEqual([]);
  const but = `defaults: { materialize: true }\n${CHAIN(', materialize: false')}`;
  expect(stagesOf(but)).toEqual([['b', 'c']]);
});

test('bounds how many tasks one stage has', () => {
  const links = Array.from({ length: 40 }, (_, index) => {
    const before = index === 0 ? 'rows' : `t${index - 1}`;
    return `  t${index}: { type: shape, inputs: [${before}] }`;
  });
  const stages = stagesOf(`tasks:\n  rows: { type: read }\n${links.join('\n')}\n`);
  expect(stages.map(({ length }) => length)).toEqual([32, 8]);
});
