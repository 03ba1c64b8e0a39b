import { checkTypes } from '@floe/plan';
import { parseWorkflow } from '@floe/workflow';
import { expect, test } from 'vitest';
import { TASK_TYPES } from '../registry.ts';

const parse = (fields: string) =>
  parseWorkflow(
    `name: w\nparams: { id: { type: string } }\ntasks:\n  call:\n    type: http\n    ${fields}\n`,
    { taskTypes: TASK_TYPES },
  );

test.each([
  ['url: "https://a.example/${{ params.id }}?x=${{ params.id }}"'],
  [
    'url: /orders\n    connection: crm\n    method: POST\n    json: { deep: [{ x: "${{ params.id }}" }] }',
  ],
  ['url: https://a.example\n    format: json\n    rows: data.items\n    cache: 1h'],
])('takes %j', (fields) => {
  expect(parse(fields).workflow.tasks[0]!.type).toBe('http');
});

test.each([
  ['url: "https://${{ params.id }}/x"', 'takes the server from a parameter'],
  ['url: "${{ params.id }}"', 'is no address'],
  ['url: "https://a.example${{ params.id }}/x"', 'takes the server from a parameter'],
  ['url: ftp://a.example', 'is no address'],
  ['url: https://u:p@a.example', 'holds a user or a password'],
  ['url: https://a.example/x/../y', 'has a step like `..`'],
  ['url: https://a.example/#top', 'has a fragment'],
  ['url: //a.example\n    connection: crm', 'is no path'],
  ['url: https://a.example\n    connection: crm', 'is no path'],
  ['url: https://a.example\n    headers: { Authorization: x }', 'stands in no document'],
  ['url: https://a.example\n    headers: { Host: x }', 'Floe writes the header Host itself'],
  ['url: https://a.example\n    headers: { "X-A": "b\\r\\nc" }', 'no header may hold'],
  ['url: https://a.example\n    json: {}', 'a GET has no body'],
  ['url: https://a.example\n    method: POST\n    json: {}\n    body: x', 'a request has one body'],
  ['url: https://a.example\n    rows: x', 'is only for json'],
  ['url: https://a.example\n    expect: [99]', 'at least 100'],
  [
    'url: https://a.example\n    method: POST\n    json: { a: ["${{ params.idd }}"] }',
    'no parameter is named `idd`',
  ],
  [
    'url: https://a.example\n    method: POST\n    format: json\n    cache: 1h',
    'changes something outside',
  ],
  ['url: https://a.example\n    contract: { a: Int64 }', 'has no output to pin'],
  ['url: https://a.example\n    format: json\n    foreach: { items: [1] }', 'makes one dataset'],
  ['url: https://a.example\n    format: json\n    response_limit: 1GiB', 'at most 256MiB'],
  ['url: https://a.example\n    send: json', 'a GET has no body'],
  [
    'url: https://a.example\n    method: POST\n    send: json\n    body: x',
    'a request has one body',
  ],
  ['url: https://a.example\n    parallel: 2', 'is only for rows that are sent'],
  [
    'url: https://a.example\n    method: POST\n    send: row\n    batch: 2',
    'is not for single rows',
  ],
  ['url: https://a.example\n    method: POST\n    send: ndjson\n    within: x', 'only for lists'],
  [
    'url: https://a.example\n    method: POST\n    send: json\n    format: csv',
    'the answers of several requests make no one csv',
  ],
  ['url: https://a.example\n    method: POST\n    send: json\n    parallel: 17', 'at most 16'],
])('refuses %j', (fields, message) => {
  expect(() => parse(fields)).toThrow(message);
});

test.each([
  ['inputs: [rows]', 'tasks.call.inputs: its rows are sent nowhere'],
  ['send: json', 'tasks.call.send: there are no rows to send'],
  ['send: json\n    inputs: [rows]', undefined],
])('rows are sent where there are rows: %j', (fields, wanted) => {
  const { workflow, source } = parseWorkflow(
    `name: w\ntasks:\n  rows: { type: http, url: "https://a.example", format: csv }\n  call:\n    type: http\n` +
      `    url: https://a.example\n    method: POST\n    ${fields}\n`,
    { taskTypes: TASK_TYPES },
  );
  const { violations } = checkTypes(workflow, {
    taskTypes: TASK_TYPES,
    described: new Map(),
    source,
  });
  expect(violations.map(({ field, message }) => `${field}: ${message}`)).toEqual(
    wanted === undefined ? [] : [wanted],
  );
});

test('works in a worker only where it makes or reads rows', () => {
  const traits = (fields: string) => {
    const { config } = parse(fields).workflow.tasks[0]!;
    return TASK_TYPES.get('http')!.traits!(config);
  };
  expect(traits('url: https://a.example')).toEqual({ outside: 'read' });
  expect(traits('url: https://a.example\n    method: POST')).toEqual({});
  expect(traits('url: https://a.example\n    method: POST\n    send: json')).toEqual({
    lane: 'slot',
  });
  expect(traits('url: https://a.example\n    format: csv')).toEqual({
    outside: 'read',
    produces: 'dataset',
    lane: 'slot',
  });
});
