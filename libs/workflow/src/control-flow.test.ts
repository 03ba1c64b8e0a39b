/** When, how often and beside whom a task goes ahead: what the document may say, and how it is stored. */
import { expect, test } from 'vitest';
import { SOME_TASK_TYPES } from '../test/some-task-types.ts';
import { violationLines } from '../test/violations-of.ts';
import { parseWorkflow } from './parse-workflow.ts';

const parse = (text: string) => parseWorkflow(text, { taskTypes: SOME_TASK_TYPES }).workflow;
const linesOf = (text: string) => violationLines(() => parse(text));

const HEAD = `name: x
params:
  mode: { type: string, default: full }
  airports: { type: string, default: '["OSL"]' }
  customer: { type: integer, default: 7 }
`;
const READ = '  flights: { type: read, query: q }\n';
const withTask = (fields: string) => `${HEAD}tasks:\n${READ}  a:\n${fields.replace(/^/gm, '    ')}`;
const taskA = (fields: string) => parse(withTask(fields)).tasks[1]!;

test('a condition is stored as text and as what it means', () => {
  const task = taskA(
    "type: noop\nneeds: [flights]\nwhen: tasks.flights.rows > 0 and params.mode == 'full'",
  );
  expect(task.when?.text).toBe("tasks.flights.rows > 0 and params.mode == 'full'");
  expect(task.when?.condition).toMatchObject({
    op: 'and',
    parts: [{ op: 'compare', by: '>', left: { from: 'rows', task: 'flights' } }, { by: '==' }],
  });
});

test('a wrong condition is shown at its place in the document', () => {
  const text = withTask('type: noop\nneeds: [flights]\nwhen: tasks.flights.row > 0');
  expect(linesOf(text)).toEqual([
    expect.stringMatching(
      /^11:11\+17 tasks\.a\.when: `tasks\.flights\.row` is not known here \| Known are/,
    ),
  ]);
  const folded = withTask(
    'type: noop\nneeds: [flights]\nwhen: |\n  params.mode == "full"\n  and params.mod == "x"',
  );
  expect(linesOf(folded)).toEqual([
    '13:11+10 tasks.a.when: no parameter is named `mod` | Did you mean `mode`?',
  ]);
});

test('a condition sees only the tasks that its task waits for', () => {
  expect(linesOf(withTask('type: noop\nwhen: tasks.flights.rows > 0'))).toEqual([
    expect.stringContaining(
      'this task does not wait for a task named `flights` | Name it in `needs: [flights]` too.',
    ),
  ]);
});

test.each(['all_succeeded', 'all_done', 'one_failed', 'one_succeeded', 'none_failed'])(
  'the trigger %s is stored',
  (trigger) => {
    expect(taskA(`type: noop\nneeds: [flights]\ntrigger: ${trigger}`).trigger).toBe(trigger);
  },
);

test('a trigger that does not wait for success cannot be had with data', () => {
  const text = withTask('type: change\ninputs: [flights]\ntext: t\ntrigger: all_done');
  expect(linesOf(text)).toEqual([
    '12:14+8 tasks.a.trigger: with `all_done` the task may begin without its inputs | Name the tasks in `needs`; data needs `all_succeeded`.',
  ]);
});

test('items are a list, with the narrowest type that fits all', () => {
  expect(
    taskA('type: noop\nforeach: { items: [OSL, BGO], chunk: 5, parallel: 2 }').foreach,
  ).toEqual({
    source: {
      from: 'list',
      values: [
        { kind: 'string', value: 'OSL' },
        { kind: 'string', value: 'BGO' },
      ],
    },
    type: 'string',
    chunk: 5,
    parallel: 2,
  });
  expect(taskA('type: noop\nforeach: { items: [1, 2.5] }').foreach?.type).toBe('float');
  expect(taskA('type: noop\nforeach: { items: [1, 2] }').foreach).toMatchObject({
    type: 'integer',
    parallel: 64,
  });
  expect(taskA('type: noop\nforeach: { items: [2026-01-01], type: date }').foreach).toMatchObject({
    source: { values: [{ kind: 'date', value: '2026-01-01' }] },
  });
});

test('items are a parameter, or the rows of a task', () => {
  expect(taskA('type: noop\nforeach: { parameter: airports }').foreach).toMatchObject({
    source: { from: 'parameter', name: 'airports' },
  });
  const rows =
    'type: noop\nneeds: [flights]\nforeach: { rows: flights, column: origin, type: string }';
  expect(taskA(rows).foreach).toMatchObject({
    source: { from: 'rows', task: 'flights', column: 'origin' },
  });
});

test.each([
  ['{}', 'needs one of `items`, `parameter` and `rows`'],
  ['{ items: [a], parameter: airports }', 'needs one of `items`, `parameter` and `rows`'],
  ['{ parameter: airport }', 'no parameter is named `airport` | Did you mean `airports`?'],
  ['{ parameter: customer }', 'parameter `customer` is of type integer, which holds no list'],
  ['{ rows: flights }', '`rows` and `column` belong together'],
  ['{ rows: flights, column: origin }', 'does not wait for a task named `flights` | Name it in'],
  ['{ items: [1, x], type: integer }', 'tasks.a.foreach.items[1]: must be a whole number'],
  ['{ items: [a], chunk: 0 }', 'tasks.a.foreach.chunk: must have a value of at least 1'],
  ['{ itms: [a] }', 'unknown field `itms` | Did you mean `items`?'],
])('the items %s are refused', (foreach, expected) => {
  expect(linesOf(withTask(`type: noop\nforeach: ${foreach}`)).join('\n')).toContain(expected);
});

test('10,001 items are refused', () => {
  const items = Array.from({ length: 10_001 }, (_, index) => index).join(', ');
  expect(linesOf(withTask(`type: noop\nforeach: { items: [${items}] }`)).join('\n')).toContain(
    'at most 10000',
  );
});

test('a task that makes a dataset goes through no items', () => {
  expect(linesOf(withTask('type: read\nquery: q\nforeach: { items: [a] }'))).toEqual([
    expect.stringContaining(
      'tasks.a.foreach: a read task makes one dataset, and with items there would be many',
    ),
  ]);
});

test('the item is a parameter within its task, and nowhere else', () => {
  const act = 'type: act\ntext: delete from t where id = ${{ params.item }}';
  expect(taskA(`${act}\nforeach: { items: [1, 2] }`).foreach?.type).toBe('integer');
  expect(linesOf(withTask(act))).toEqual([expect.stringContaining('no parameter is named `item`')]);
  const taken = withTask(`${act}\nforeach: { items: [1] }`).replace('  mode:', '  item:');
  expect(linesOf(taken)).toEqual([
    expect.stringContaining('`item` is the item here, and a parameter too'),
  ]);
});

test('concurrency has a key, a limit and a policy; the key of a name where none is given', () => {
  const text = `concurrency: { limit: 2, on_conflict: cancel_previous }\n${withTask(
    'type: noop\nconcurrency: { key: "customer-${{ params.customer }}", on_conflict: skip }',
  )}`;
  const workflow = parse(text);
  expect(workflow.concurrency).toEqual({ key: 'x', limit: 2, onConflict: 'cancel_previous' });
  expect(workflow.tasks[1]!.concurrency).toEqual({
    key: 'customer-${{ params.customer }}',
    limit: 1,
    onConflict: 'skip',
  });
});

test('a key names parameters that there are, and a task takes no place from another', () => {
  const text = `concurrency: { key: "\${{ params.custmer }}" }\n${withTask(
    'type: noop\nconcurrency: { key: "${{ params.mod }}", on_conflict: cancel_previous }',
  )}`;
  expect(linesOf(text)).toEqual([
    expect.stringContaining(
      'concurrency.key: no parameter is named `custmer` | Did you mean `customer`?',
    ),
    expect.stringContaining('tasks.a.concurrency.key: no parameter is named `mod`'),
    expect.stringContaining('only whole runs can take the place of earlier ones'),
  ]);
});

test('all five timeouts, and the errors after which a task is tried again', () => {
  const task = taskA(
    'type: noop\ntimeout: 1m\nqueue_timeout: 2m\nstart_timeout: 10s\nprogress_timeout: 30s\ntotal_timeout: 1h\nretries: { max: 2, on: [QUERY_FAILED, unavailable] }',
  );
  expect(task).toMatchObject({
    timeoutMs: 60_000,
    queueTimeoutMs: 120_000,
    startTimeoutMs: 10_000,
    progressTimeoutMs: 30_000,
    totalTimeoutMs: 3_600_000,
    retries: { max: 2, on: ['QUERY_FAILED', 'unavailable'] },
  });
  expect(linesOf(withTask('type: noop\nretries: { on: [QUERY_FAILD] }'))).toEqual([
    expect.stringContaining('Did you mean `QUERY_FAILED`?'),
  ]);
});

test('what is stored reads back as the same value', () => {
  const workflow = parse(
    withTask(
      'type: noop\nneeds: [flights]\nwhen: params.customer in [1, 2]\nforeach: { items: [a] }\nconcurrency: {}',
    ),
  );
  expect(JSON.parse(JSON.stringify(workflow))).toEqual(workflow);
});
