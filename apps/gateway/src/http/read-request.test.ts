import { describe, expect, test } from 'vitest';
import { ROUTES } from '../routes/index.ts';
import type { Route } from '../routes/route.ts';
import { readRequest } from './read-request.ts';
import type { RequestParts } from './read-request.ts';

function routeNamed(name: string): Route {
  const route = ROUTES.find((candidate) => candidate.name === name);
  if (route === undefined) throw new Error(`no route ${name}`);
  return route;
}

const nothing = { params: {}, query: {}, headers: {}, body: undefined };

function violationsOf(name: string, parts: Partial<RequestParts>): unknown {
  try {
    return readRequest(routeNamed(name), { ...nothing, ...parts });
  } catch (thrown) {
    return Reflect.get(thrown as object, 'violations');
  }
}

test('reads path, query and body under the names of the message', () => {
  const query = { page_size: '5', workflow_name: 'etl', from_time: '2026-01-31T06:00:00+01:00' };
  expect(readRequest(routeNamed('listRuns'), { ...nothing, query })).toEqual({
    pageSize: 5,
    workflowName: 'etl',
    fromTime: '2026-01-31T05:00:00.000Z',
  });
});

test('takes states with or without prefix, repeated or with commas', () => {
  const query = { states: ['failed,Succeeded', 'RUN_STATE_QUEUED'] };
  expect(readRequest(routeNamed('listRuns'), { ...nothing, query })).toEqual({
    states: ['RUN_STATE_FAILED', 'RUN_STATE_SUCCEEDED', 'RUN_STATE_QUEUED'],
  });
});

test('a body of YAML is the document', () => {
  const values = readRequest(routeNamed('validateWorkflow'), { ...nothing, body: 'name: etl' });
  expect(values).toEqual({ source: 'name: etl' });
});

test('the idempotency key is the request id unless the body names one', () => {
  const route = routeNamed('startRun');
  const headers = { 'idempotency-key': 'from-header' };
  const body = { workflowName: 'etl' };
  expect(readRequest(route, { ...nothing, headers, body })).toMatchObject({
    requestId: 'from-header',
  });
  const both = { ...body, requestId: 'from-body' };
  expect(readRequest(route, { ...nothing, headers, body: both })).toMatchObject({
    requestId: 'from-body',
  });
});

describe('refuses', () => {
  test('an unknown query parameter and names the near one', () => {
    expect(violationsOf('listRuns', { query: { workflow_nam: 'etl' } })).toEqual([
      {
        field: 'workflow_nam',
        message: 'is no query parameter here',
        hint: 'did you mean workflow_name?',
      },
    ]);
  });

  test('an unknown field of the body', () => {
    const body = { workflowName: 'etl', paramters: {} };
    expect(violationsOf('startRun', { body })).toMatchObject([
      { field: 'paramters', hint: 'did you mean parameters?' },
    ]);
  });

  test('every wrong field at once', () => {
    const body = { workflowVersion: 1.5, parameters: [] };
    expect(violationsOf('startRun', { body })).toMatchObject([
      { field: 'workflowName', message: 'is missing' },
      { field: 'workflowVersion', message: 'is no whole number of 32 bits' },
      { field: 'parameters', message: 'is no object' },
    ]);
  });

  test('an object that is nested without end', () => {
    let deep: object = {};
    for (let depth = 0; depth < 20_000; depth += 1) deep = { deep };
    const body = { workflowName: 'etl', parameters: deep };
    expect(violationsOf('startRun', { body })).toMatchObject([
      { field: 'parameters', message: 'is nested more than 32 deep' },
    ]);
  });

  test.each([['9223372036854775808'], ['one'], ['1e3']])('%s as a number of 64 bits', (text) => {
    expect(
      violationsOf('watchRun', { params: { run_id: 'x' }, query: { after_sequence: text } }),
    ).toMatchObject([{ field: 'after_sequence' }]);
  });

  test('null where a list has messages', () => {
    const problemOf = (runs: unknown) => violationsOf('importRuns', { body: { runs } });
    expect(problemOf([{}, null])).toMatchObject([{ message: 'holds what is no object' }]);
    expect(problemOf([[]])).toMatchObject([{ message: 'holds what is no object' }]);
    expect(problemOf([{ nodes: [null] }])).toMatchObject([
      { message: 'holds a list with null in it' },
    ]);
  });

  test('a body that is a list', () => {
    const route = routeNamed('startRun');
    expect(() => readRequest(route, { ...nothing, body: [] })).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
    );
  });
});
