import { parseWorkflow, type TaskDefinition } from '@floe/workflow';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runGraphOf } from './run-graph.ts';

function aTaskType(type: string, lane: TaskDefinition['lane']): [string, TaskDefinition] {
  const definition: TaskDefinition = {
    type,
    lane,
    description: `A ${type} of the tests.`,
    config: z.strictObject({}),
    inputs: { min: 0, max: 0 },
    produces: 'nothing',
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
  const [last, first] = runGraphOf(workflow, (type) => taskTypes.get(type)!.lane).tasks;
  expect(last).toMatchObject({ id: 'last', lane: 'light', upstream: [1], downstream: [] });
  expect(first).toMatchObject({ id: 'first', lane: 'slot', upstream: [], downstream: [0] });
  expect(last!.policy).toMatchObject({ timeoutMs: 5_000, queueTimeoutMs: 60_000, retriesMax: 0 });
  expect(first!.policy).toMatchObject({ retriesMax: 2, retryDelayMs: 3_000, retryJitter: 0 });
});
