/** Every way in which a document is wrong: the error names the place, the cause and the mend. */
import { expect, test } from 'vitest';
import { SOME_TASK_TYPES } from '../test/some-task-types.ts';
import { errorOf, violationLines } from '../test/violations-of.ts';
import { parseWorkflow, readWorkflow } from './parse-workflow.ts';

const parse = (text: string) => parseWorkflow(text, { taskTypes: SOME_TASK_TYPES });
const linesOf = (text: string) => violationLines(() => parse(text));
const withTasks = (tasks: string) => `name: x\ntasks:\n${tasks}`;

test('what is not YAML is refused where the parser stops', () => {
  expect(linesOf('name: x\ntasks: [a,\n')).toEqual([
    expect.stringMatching(/^3:1\+0 : Flow sequence in block collection.* \| /),
  ]);
});

test('a text that is no block of fields is refused', () => {
  expect(linesOf('just words')[0]).toContain(
    'a workflow is a block of fields, not the text "just words"',
  );
  expect(linesOf('')[0]).toContain('a workflow is a block of fields, not nothing');
});

test('a duplicate key is refused at its second place', () => {
  expect(linesOf(withTasks('  a: { type: noop }\n  a: { type: noop }\n'))).toEqual([
    '4:3+1 tasks.a: `a` is there twice; it stands on line 3 already | Remove one of the two, or give it another name.',
  ]);
});

test('an unknown field gets the nearest name, wherever it stands', () => {
  const text =
    'nmae: x\nname: x\ndefaults: { retries: { dely: 1s } }\ntasks:\n  a: { type: noop, neds: [] }\n';
  expect(linesOf(text)).toEqual([
    '1:1+4 nmae: unknown field `nmae` | Did you mean `name`?',
    '3:24+4 defaults.retries.dely: unknown field `dely` | Did you mean `delay`?',
    '5:20+4 tasks.a.neds: a noop task has no field `neds` | Did you mean `needs`?',
  ]);
});

test('a label that no executor can offer is refused', () => {
  expect(linesOf(withTasks('  a: { type: noop, labels: [gpu, Big Memory] }\n'))).toEqual([
    expect.stringMatching(/^3:34\+10 tasks\.a\.labels\[1\]: a label has 1 to 63 characters/),
  ]);
  expect(linesOf(withTasks('  a: { type: noop, labels: gpu }\n'))).toHaveLength(1);
});

test('an unknown task type gets the nearest', () => {
  expect(linesOf(withTasks('  a: { type: nop }\n'))).toEqual([
    '3:14+3 tasks.a.type: unknown task type `nop` | Did you mean `noop`?',
  ]);
});

test('a task with a wrong type is checked for what it refers to as well', () => {
  expect(linesOf(withTasks('  a: { type: noop }\n  bb: { type: nop, needs: [aa] }\n'))).toEqual([
    '4:15+3 tasks.bb.type: unknown task type `nop` | Did you mean `noop`?',
    '4:28+2 tasks.bb.needs[0]: no task is named `aa` | Did you mean `a`?',
  ]);
});

test('partitions are refused where nothing can be shared, with what is to be done', () => {
  const text = withTasks(
    '  a: { type: noop, partitions: 4 }\n  b: { type: noop, partitions: 1 }\n  c: { type: noop, partitions: 65 }\n',
  );
  expect(linesOf(text)).toEqual([
    expect.stringContaining(
      'tasks.a.partitions: a noop task cannot be shared in partitions | Write it on',
    ),
    expect.stringContaining('tasks.b.partitions'),
    expect.stringContaining('tasks.c.partitions'),
  ]);
});

test('inputs and needs that are not there get the nearest task', () => {
  const text = withTasks(
    '  flights: { type: read, query: q }\n  a: { type: write, inputs: [flihts], needs: [flightss], table: t, mode: append }\n',
  );
  expect(linesOf(text)).toEqual([
    '4:30+6 tasks.a.inputs[0]: no task is named `flihts` | Did you mean `flights`?',
    '4:47+8 tasks.a.needs[0]: no task is named `flightss` | Did you mean `flights`?',
  ]);
});

test('a task that names itself is refused', () => {
  expect(linesOf(withTasks('  a: { type: noop, needs: [a] }\n'))).toEqual([
    '3:28+1 tasks.a.needs[0]: task `a` names itself | Remove it from the list.',
  ]);
});

test('a cycle is refused with its path', () => {
  const text = withTasks(
    '  start: { type: noop }\n  a: { type: noop, needs: [start, c] }\n  b: { type: noop, needs: [a] }\n  c: { type: noop, needs: [b] }\n',
  );
  expect(linesOf(text)).toEqual([
    expect.stringContaining('4:3+1 tasks.a: the tasks form a cycle: a → b → c → a |'),
  ]);
});

test('reading a task that gives no data is refused', () => {
  const text = withTasks('  a: { type: noop }\n  b: { type: change, inputs: [a], text: t }\n');
  expect(linesOf(text)).toEqual([
    '4:31+1 tasks.b.inputs[0]: `a` is a noop task, which has no output to read | To run after it without data, write `needs: [a]`.',
  ]);
});

test('a wrong number of inputs is refused', () => {
  const text = withTasks(
    '  a: { type: write, table: t, mode: append }\n  b: { type: noop, inputs: [a] }\n',
  );
  expect(linesOf(text)).toEqual([
    expect.stringContaining('tasks.a.inputs: a write task has exactly 1 in `inputs`, not 0'),
    expect.stringContaining('tasks.b.inputs: a noop task reads no other task'),
    expect.stringContaining('tasks.b.inputs[0]: `a` is a write task'),
  ]);
});

test('wrong kinds of values are refused in words', () => {
  const text = withTasks(
    '  a: { type: read, query: 5, limit: 12345678901234567890 }\n  b: { type: write, inputs: a, table: t, mode: apend }\n  c: 3\n',
  );
  expect(linesOf(text)).toEqual([
    '3:27+1 tasks.a.query: must be text, not the number 5 | Put it in quotes.',
    expect.stringContaining('3:37+20 tasks.a.limit: must be a'),
    '4:29+1 tasks.b.inputs: must be a list, not the text "a" | Write a list: [a].',
    '4:48+5 tasks.b.mode: the text "apend" is not one of `append`, `replace` | Did you mean `append`?',
    expect.stringContaining('5:6+1 tasks.c: must be a block of fields, not the number 3'),
  ]);
});

test.each(['10 m', '-1s', '1m1h', 'soon', '1ms', '31d'])(
  'the duration %s is refused',
  (duration) => {
    expect(linesOf(withTasks(`  a: { type: noop, timeout: ${duration} }\n`))).toHaveLength(1);
  },
);

test('names that Polars text could not hold are refused with one that it can', () => {
  const text = withTasks(
    '  Bad-Name: { type: noop }\n  import: { type: noop }\n  __proto__: { type: noop }\n',
  );
  expect(linesOf(text)).toEqual([
    expect.stringMatching(/^3:3\+8 tasks\.Bad-Name: .* \| Write `bad_name`\.$/),
    expect.stringContaining('4:3+6 tasks.import: `import` has a meaning of its own'),
    expect.stringContaining('5:3+9 tasks.__proto__: a name has'),
  ]);
});

test('a reference to a parameter that is not there is found inside of a block', () => {
  const text =
    'name: x\nparams: { since: { type: date } }\ntasks:\n  a:\n    type: read\n    query: |\n      select 1\n      where d > ${{ params.sinc }} or ${{ env.HOME }}\n';
  expect(linesOf(text)).toEqual([
    '8:17+18 tasks.a.query: no parameter is named `sinc` | Did you mean `since`?',
    '8:39+15 tasks.a.query: `env.HOME` is not a reference to a parameter | Write ${{ params.name }} on one line.',
  ]);
});

test('a reference is refused where nothing is bound', () => {
  const text = `params: { t: { type: string } }\n${withTasks(
    '  a: { type: read, query: q }\n  b: { type: write, inputs: [a], table: "${{ params.t }}", mode: append }\n',
  )}`;
  expect(linesOf(text)).toEqual([
    expect.stringContaining('tasks.b.table: `table` cannot hold ${{ ... }}'),
  ]);
});

test('defaults of parameters have the type of their parameter', () => {
  const text = `params:\n  d: { type: date, default: 2001-02-30 }\n  n: { type: integer, default: 1.5 }\n  b: { type: boolean, default: yes }\n  k: { type: strnig }\n${withTasks('  a: { type: noop }\n')}`;
  expect(linesOf(text)).toEqual([
    '2:29+10 params.d.default: must be a date of the calendar, like 2001-01-31, not the text "2001-02-30"',
    '3:32+3 params.n.default: must be a whole number, not the number 1.5',
    '4:32+3 params.b.default: must be true or false, not the text "yes"',
    expect.stringContaining('params.k.type: the text "strnig" is not one of'),
  ]);
});

test('10,001 tasks are refused with the number', () => {
  const tasks = Array.from({ length: 10_001 }, (_, i) => `  t${i}: {type: noop}`).join('\n');
  const error = errorOf(() => parse(withTasks(`${tasks}\n`)));
  expect(error.code).toBe('DOCUMENT_TOO_LARGE');
  expect(error.message).toBe('the workflow has 10,001 tasks; at most 10,000 are allowed');
});

test('at most 50 of the violations are listed, and all are counted', () => {
  const tasks = Array.from({ length: 60 }, (_, i) => `  t${i}: {type: nope}`).join('\n');
  const error = errorOf(() => parse(withTasks(`${tasks}\n`)));
  expect(error.violations).toHaveLength(50);
  expect(error.details['violation_count']).toBe('60');
});

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...'bcdefghij'.split('').map((key, i) => {
    const last = 'abcdefghi'[i]!;
    return `${key}: &${key} [${Array.from({ length: 10 }, () => `*${last}`).join(', ')}]`;
  }),
].join('\n');

test.each([
  ['aliases that multiply', bomb],
  ['an alias within itself', 'a: &a [*a]'],
  ['100,000 levels', `a: ${'['.repeat(100_000)}`],
  ['levels of blocks', Array.from({ length: 40 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ['more than 1 MiB', `name: x\n# ${'é'.repeat(600_000)}`],
])('%s is refused under a limit', (_, text) => {
  const startedAt = performance.now();
  expect(errorOf(() => parse(text)).code).toBe('DOCUMENT_TOO_LARGE');
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('a second document in the text and an unknown tag are refused', () => {
  expect(linesOf('name: x\n---\nname: y\n')[0]).toContain('2:1+0 : a second document begins here');
  expect(linesOf('name: !secret x\n')[0]).toContain('Unresolved tag');
});

test.each([
  [
    'as an escape',
    'name: x\ndescription: "a\\0b"\ntasks: { a: { type: noop } }\n',
    '2:14+6 description',
  ],
  [
    'as half of a pair',
    'name: x\ndescription: "\\ud800"\ntasks: { a: { type: noop } }\n',
    '2:14+8 description',
  ],
  ['in a comment', 'name: x\n# \u0000\n', '2:3+1 '],
])('what PostgreSQL cannot store is refused %s', (_, text, place) => {
  expect(linesOf(text)[0]).toContain(place);
});

test('an asterisk that marks nothing is refused', () => {
  expect(linesOf('name: *x\ntasks: { a: { type: noop } }\n')[0]).toContain(
    'nothing before this place is marked `&x`',
  );
});

test('of very many wrong names only as many are compared with others as are shown', () => {
  const lines = Array.from(
    { length: 300 },
    (_, index) => `  t${index}: { type: noop, needs: [tt${index}] }\n`,
  );
  const { violations } = readWorkflow(withTasks(lines.join('')), { taskTypes: SOME_TASK_TYPES });
  expect(violations).toHaveLength(300);
  expect(violations[0]!.hint).toMatch(/^Did you mean /);
  expect(violations.filter(({ hint }) => hint !== undefined)).toHaveLength(50);
});

test('of one text as many wrong references are told as are shown', () => {
  const text = '${{ params.x }}'.repeat(300);
  const { violations } = readWorkflow(withTasks(`  a: { type: read, query: "${text}" }\n`), {
    taskTypes: SOME_TASK_TYPES,
  });
  expect(violations.filter(({ message }) => message.includes('no parameter'))).toHaveLength(50);
});

test.each(['\\u0000', '\\ud800'])('the key %s is refused where it stands', (key) => {
  expect(linesOf(withTasks(`  a: { type: noop, "${key}": 1 }\n`))).toEqual([
    expect.stringMatching(/^3:20\+8 tasks\.a: a key holds the character NUL/),
  ]);
});
