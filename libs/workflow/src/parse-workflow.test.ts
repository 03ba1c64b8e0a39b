import { expect, test } from 'vitest';
import { SOME_TASK_TYPES } from '../test/some-task-types.ts';
import { parseWorkflow } from './parse-workflow.ts';
import { placeInDocument } from './text-source.ts';

const options = { taskTypes: SOME_TASK_TYPES };

const DOCUMENT = `
name: late-flights
description: Which airports are late?
timeout: 2h
params:
  since: { type: date, default: 2001-01-01 }
  big: { type: integer, default: 9007199254740993 }
  note: { type: string, required: false }
defaults:
  retries: { max: 3, delay: 30s }
  timeout: 10m
tasks:
  flights:
    type: read
    query: select * from flights where date >= \${{ params.since }}
  ranking:
    type: change
    inputs: [flights]
    retries: { max: 1 }
    memory: 1.5GiB
    text: |
      late = flights
      late.sort()
  store:
    type: write
    inputs: [ranking]
    needs: [flights]
    timeout: 1h30m
    priority: 9
    table: late
    mode: append
`;

test('gives the normal form of a document: defaults applied, durations in milliseconds, tasks in order', () => {
  const { workflow } = parseWorkflow(DOCUMENT, options);
  expect(workflow).toMatchObject({
    name: 'late-flights',
    description: 'Which airports are late?',
    timeoutMs: 7_200_000,
    params: {
      since: { type: 'date', required: false, default: { kind: 'date', value: '2001-01-01' } },
      big: { default: { kind: 'integer', value: '9007199254740993' } },
      note: { type: 'string', required: false },
    },
  });
  expect(workflow.tasks.map((task) => task.id)).toEqual(['flights', 'ranking', 'store']);
  expect(workflow.tasks[1]).toEqual({
    id: 'ranking',
    type: 'change',
    description: '',
    inputs: ['flights'],
    needs: [],
    config: { text: 'late = flights\nlate.sort()\n' },
    retries: { max: 1, delayMs: 30_000, backoff: 2, maxDelayMs: 300_000, jitter: 1 },
    timeoutMs: 600_000,
    queueTimeoutMs: 86_400_000,
    pool: 'default',
    priority: 5,
    memoryBytes: 1_610_612_736,
    trigger: 'all_succeeded',
  });
  expect(workflow.tasks[2]).toMatchObject({
    needs: ['flights'],
    timeoutMs: 5_400_000,
    priority: 9,
  });
});

test('gives labels in one order and each once; a task says its own instead of those of all', () => {
  const text = `name: x
defaults: { labels: [gpu, big-memory, gpu] }
tasks:
  usual: { type: noop }
  other: { type: noop, labels: [eu] }
  free: { type: noop, labels: [] }
`;
  const { tasks } = parseWorkflow(text, options).workflow;
  expect(tasks.map(({ labels }) => labels)).toEqual([['big-memory', 'gpu'], ['eu'], undefined]);
});

test('is plain JSON: what is stored reads back as the same value', () => {
  const { workflow } = parseWorkflow(DOCUMENT, options);
  expect(JSON.parse(JSON.stringify(workflow))).toEqual(workflow);
});

test('reads JSON with tabs as well as YAML', () => {
  const json = JSON.stringify({ name: 'tiny', tasks: { a: { type: 'noop' } } }, null, '\t');
  expect(parseWorkflow(json, options).workflow.tasks[0]?.id).toBe('a');
});

test('repeats what an anchor marks', () => {
  const text = 'name: x\ntasks:\n  a: &same { type: noop }\n  b: *same\n';
  expect(parseWorkflow(text, options).workflow.tasks.map((task) => task.type)).toEqual([
    'noop',
    'noop',
  ]);
});

test('knows where the text of a block stands in the document', () => {
  const { source } = parseWorkflow(DOCUMENT, options);
  const text = source['tasks.ranking.text']!;
  expect(text.style).toBe('block');
  const place = placeInDocument(text, { line: 2, column: 6, length: 4 });
  const line = DOCUMENT.split('\n')[place.line - 1]!;
  expect(line.slice(place.column - 1, place.column - 1 + place.length)).toBe('sort');
});

const STYLES = [
  ['plain', 'select wrong'],
  ['quoted', '"select wrong"'],
  ['single quoted', "'select wrong'"],
  ['block with its own indent', '|2\n        select wrong'],
  ['block with blank lines before it', '|-\n\n\n      select wrong'],
  ['block in a file of Windows', '|\r\n      select wrong\r\n'],
] as const;

test.each(STYLES)('finds a word of a %s text in the document', (_, written) => {
  const document = `name: x\ntasks:\n  a:\n    type: read\n    query: ${written}\n`;
  const { workflow, source } = parseWorkflow(document, options);
  const query = String(workflow.tasks[0]!.config['query']);
  const lines = query.split('\n');
  const line = lines.findIndex((each) => each.includes('wrong'));
  const inText = { line: line + 1, column: lines[line]!.indexOf('wrong') + 1, length: 5 };
  const place = placeInDocument(source['tasks.a.query']!, inText);
  const found = document.split('\n')[place.line - 1]!.slice(place.column - 1);
  expect(found.startsWith('wrong')).toBe(true);
});

test('shows the whole field where an escape hides the place', () => {
  const document = 'name: x\ntasks:\n  a:\n    type: read\n    query: "a\\tb"\n';
  const source = parseWorkflow(document, options).source['tasks.a.query']!;
  expect(placeInDocument(source, { line: 1, column: 3, length: 1 })).toEqual({
    line: 5,
    column: 12,
    length: 6,
  });
});

test('reads a chain of 10,000 tasks without exhausting the stack', () => {
  const count = 10_000;
  const lines = Array.from(
    { length: count },
    (_, i) => `  t${i}: {type: noop${i === 0 ? '' : `, needs: [t${i - 1}]`}}`,
  );
  const { workflow } = parseWorkflow(`name: chain\ntasks:\n${lines.join('\n')}\n`, options);
  expect(workflow.tasks).toHaveLength(count);
});
