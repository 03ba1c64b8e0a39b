import { parseWorkflow, type TaskDefinition } from '@floe/workflow';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runGraphOf } from './run-graph.ts';

function aTaskType(
  type: string,
  lane: TaskDefinition['lane'],
  config: z.ZodObject = z.strictObject({}),
): [string, TaskDefinition] {
  const definition: TaskDefinition = {
    type,
    lane,
    description: `A ${type} of the tests.`,
    config,
    inputs: { min: 0, max: 0 },
    produces: 'nothing',
    outside: 'untouched',
    textFields: [],
    connections: () => [],
    outputSchema: () => undefined,
  };
  return [type, definition];
}

const taskTypes = new Map([aTaskType('crunch', 'slot'), aTaskType('wait', 'light')]);

const DOCUMENT = `name: x
tasks:
  last: { type: wait, needs: [first], timeout: 5s, queue_timeout: 1m }
  first: { type: crunch, retries: { max: 2, delay: 3s, jitter: 0 } }
`;

test('gives the engine order, policies and lanes of a document', () => {
  const { workflow } = parseWorkflow(DOCUMENT, { taskTypes });
  const [last, first] = runGraphOf(workflow, (type) => taskTypes.get(type)!).tasks;
  expect(last).toMatchObject({ id: 'last', lane: 'light', upstream: [1], downstream: [] });
  expect(first).toMatchObject({ id: 'first', lane: 'slot', upstream: [], downstream: [0] });
  expect(last!.policy).toMatchObject({ timeoutMs: 5_000, queueTimeoutMs: 60_000, retriesMax: 0 });
  expect(first!.policy).toMatchObject({ retriesMax: 2, retryDelayMs: 3_000, retryJitter: 0 });
});

test('says who carries a task out, and under which condition', () => {
  const text = `name: x
params: { list: { type: string } }
tasks:
  first: { type: wait }
  some: { type: wait, foreach: { items: [a, b, c], chunk: 2, parallel: 5 }, retries: { max: 1, on: [invalid] } }
  listed: { type: wait, foreach: { parameter: list }, start_timeout: 5s, total_timeout: 1h }
  ask: { type: approval, on_timeout: skip }
  sub: { type: workflow, needs: [first], trigger: none_failed, when: tasks.first.state == 'succeeded' }
`;
  const asks = aTaskType('approval', 'light', z.strictObject({ on_timeout: z.string() }));
  const types = new Map([...taskTypes, asks, aTaskType('workflow', 'light')]);
  const { workflow } = parseWorkflow(text, { taskTypes: types });
  const [, some, listed, ask, sub] = runGraphOf(workflow, (type) => types.get(type)!).tasks;
  expect(some!.work).toEqual({
    kind: 'items',
    source: { from: 'list', count: 3 },
    chunk: 2,
    parallel: 5,
  });
  expect(some!.policy.retryOn).toEqual(['invalid']);
  expect(listed!.work).toMatchObject({ source: { from: 'parameter', name: 'list' } });
  expect(listed!.policy).toMatchObject({ startTimeoutMs: 5_000, totalTimeoutMs: 3_600_000 });
  expect(ask!.work).toEqual({ kind: 'approval', onTimeout: 'skip' });
  expect(sub).toMatchObject({ trigger: 'none_failed', when: { op: 'compare', kind: 'state' } });
  expect(sub!.work).toEqual({ kind: 'workflow', onClose: 'cancel' });
});
