import { RunEvent, RunState, TaskState } from '@floe/rpc/contracts';
import { expect, test } from 'vitest';
import { StatusMessages } from './status-messages.ts';

const NODES = [
  { nodeId: 'n-1', nodeName: 'Load', taskIds: ['cast', 'store'] },
  { nodeId: 'n-2', nodeName: '', taskIds: ['other'] },
];
const AT = new Date('2026-01-31T06:00:00Z');

function event(taskId: string, state: TaskState, rest: object = {}): RunEvent {
  const run = { state: RunState.RUNNING };
  return RunEvent.fromPartial({ time: AT, run, taskRun: { taskId, state, ...rest } });
}

test('a node of two tasks is done when both are, and each change is told once', () => {
  const statuses = new StatusMessages('r', NODES);
  const told = [
    event('cast', TaskState.READY),
    event('cast', TaskState.RUNNING),
    event('cast', TaskState.RUNNING),
    event('cast', TaskState.SUCCEEDED),
    event('store', TaskState.RUNNING),
    event('store', TaskState.SUCCEEDED),
  ].flatMap((one) => statuses.take(one));
  expect(told).toEqual([
    node('n-1', 'Started', 'Node Load Started'),
    {
      workflowRunId: 'r',
      workflowStatus: 'Running',
      message: 'Workflow run Running',
      timestamp: AT.toISOString(),
    },
    node('n-1', 'Running', 'Node Load Running'),
    node('n-1', 'Completed', 'Node Load Completed'),
  ]);
});

test('a failure is told with its reason, and a task of no node with nothing', () => {
  const statuses = new StatusMessages('r', NODES);
  const failed = event('other', TaskState.FAILED, { failure: { message: 'no such column' } });
  expect(statuses.take(failed)[0]).toEqual(node('n-2', 'Failed', 'no such column'));
  expect(statuses.take(event('unknown', TaskState.RUNNING))).toEqual([]);
});

function node(nodeId: string, status: string, message: string) {
  return { workflowRunId: 'r', nodeId, status, message, timestamp: AT.toISOString() };
}
