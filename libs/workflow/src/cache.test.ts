import { expect, test } from 'vitest';
import { FloeError } from '@floe/errors';
import { SOME_TASK_TYPES } from '../test/some-task-types.ts';
import { parseWorkflow } from './parse-workflow.ts';
import { parametersIn } from './references.ts';
import type { TaskTypeRegistry } from './task-definition.ts';

const taskTypes: TaskTypeRegistry = new Map([
  ...SOME_TASK_TYPES,
  ['change', { ...SOME_TASK_TYPES.get('change')!, outside: 'untouched' }],
  ['act', { ...SOME_TASK_TYPES.get('act')!, outside: 'untouched' }],
]);

const document = (read: string, change: string) => `name: x
params: { day: { type: date } }
tasks:
  rows: { type: read, query: q, ${read} }
  less: { type: change, inputs: [rows], text: t, ${change} }
`;

function cachesOf(read: string, change: string) {
  const { workflow } = parseWorkflow(document(read, change), { taskTypes });
  return workflow.tasks.map(({ cache }) => cache);
}

function violationsOf(text: string) {
  try {
    parseWorkflow(text, { taskTypes });
    return [];
  } catch (thrown) {
    return thrown instanceof FloeError ? thrown.violations : [];
  }
}

test('a result may be used as long as its age allows, or as long as it is there', () => {
  expect(cachesOf('cache: 1d', 'cache: true')).toEqual([{ ttlMs: 86_400_000 }, {}]);
  expect(cachesOf('cache: { ttl: 90m, key: "v2 ${{ params.day }}" }', 'cache: { key: a }')).toEqual(
    [{ ttlMs: 5_400_000, key: 'v2 ${{ params.day }}' }, { key: 'a' }],
  );
  expect(cachesOf('limit: 3', 'materialize: true')).toEqual([undefined, undefined]);
});

test('what reads outside has to say how old its result may be', () => {
  expect(violationsOf(document('cache: true', 'cache: true'))).toMatchObject([
    {
      field: 'tasks.rows.cache',
      message: 'a read task reads what can change: say how old its result may be',
      hint: expect.stringContaining('cache: 1h'),
    },
  ]);
});

test('what changes something outside, or makes no rows, is refused by name', () => {
  const text = `name: x
tasks:
  rows: { type: read, query: q }
  store: { type: write, inputs: [rows], table: t, mode: append, cache: 1h }
  wait: { type: act, text: t, cache: 1h }
`;
  expect(violationsOf(text)).toMatchObject([
    { field: 'tasks.store.cache', message: expect.stringContaining('a write task changes') },
    { field: 'tasks.wait.cache', message: expect.stringContaining('act makes no rows') },
  ]);
});

test('a wrong form says what is wrong with it, at its place', () => {
  expect(violationsOf(document('cache: 1x', 'cache: { ttl: 5m, kye: a }'))).toMatchObject([
    { field: 'tasks.rows.cache', message: expect.stringContaining('a duration is written like') },
    { field: 'tasks.less.cache.kye', message: 'unknown field `kye`' },
  ]);
  expect(violationsOf(document('cache: 0s', 'cache: { key: "${{ params.dya }}" }'))).toMatchObject([
    { field: 'tasks.rows.cache', message: expect.stringContaining('must be from 1s to') },
    { field: 'tasks.less.cache.key', message: 'no parameter is named `dya`' },
  ]);
  expect(violationsOf(document('cache: false', 'cache: 5'))).toMatchObject([
    { field: 'tasks.rows.cache', message: 'false does not fit here' },
    { field: 'tasks.less.cache', message: 'the number 5 does not fit here' },
  ]);
});

test('the parameters of a task are those that its texts refer to', () => {
  const config = {
    query: 'a ${{ params.to }} ${{ params.from }}',
    steps: [{ x: '${{params.to}}' }],
  };
  expect(parametersIn(config)).toEqual(['from', 'to']);
});
