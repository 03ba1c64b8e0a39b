import { randomUUID } from 'node:crypto';
import {
  ApproveTaskRequest,
  CancelRunRequest,
  CancelRunsRequest,
  GetRunReportRequest,
  GetRunRequest,
  GetTaskItemsRequest,
  ListRunsRequest,
  ListTaskRunsRequest,
  PauseRunRequest,
  ResumeRunRequest,
  RetryRunRequest,
  RunState,
  StartRunRequest,
} from '@floe/rpc/contracts';
import {
  PAGE_FIELDS,
  enumType,
  inBody,
  inHeader,
  inPath,
  inQuery,
  requiredInBody,
  unary,
} from './route.ts';
import { withPairs, withTextAnnotations } from './annotations.ts';
import type { FieldValues, Route } from './route.ts';

const RUN_ID = inPath('run_id', { means: 'The id of the run.' });
export const IDEMPOTENCY_KEY = inHeader('idempotency-key', {
  to: 'requestId',
  means: 'The same as requestId in the body, which wins.',
});
const REQUEST_ID = inBody('requestId', {
  means: 'Chosen by the caller, at most 128 characters: the same id again answers the first run.',
});

export const RUN_ROUTES: readonly Route[] = [
  unary({
    name: 'startRun',
    method: 'POST',
    path: '/api/v1/runs',
    scope: 'runs:write',
    summary: 'Starts a run; from the answer on it cannot be lost.',
    fields: [
      requiredInBody('workflowName', { means: 'The workflow to run.' }),
      inBody('workflowVersion', { type: 'int32', means: '0 for the newest.' }),
      inBody('parameters', { type: 'object', means: 'Values by parameter name.' }),
      inBody('ignoreCache', {
        type: 'boolean',
        means: 'Every task does its work, also where a result of an earlier run could be used.',
      }),
      inBody('annotations', {
        type: 'object',
        means: 'Texts by name, to find the run by: at most 32.',
      }),
      inBody('groupId', { means: 'Runs that belong together; cancelRuns stops all of them.' }),
      inBody('exclusive', {
        type: 'boolean',
        means: 'Refused while another run of the workflow goes on.',
      }),
      REQUEST_ID,
      IDEMPOTENCY_KEY,
    ],
    request: StartRunRequest,
    shape: (values) => withRequestId(withTextAnnotations(values)),
    call: (clients) => clients.scheduler.startRun,
  }),
  unary({
    name: 'listRuns',
    method: 'GET',
    path: '/api/v1/runs',
    scope: 'runs:read',
    summary: 'Lists runs, newest first.',
    fields: [
      ...PAGE_FIELDS,
      inQuery('workflow_name', { means: 'Only runs of this workflow.' }),
      inQuery('states', {
        type: enumType('enum-list', 'RUN_STATE_', RunState),
        means: 'Only runs in one of these states; repeated or separated by commas.',
      }),
      inQuery('from_time', { type: 'timestamp', means: 'Only runs created then or later.' }),
      inQuery('to_time', { type: 'timestamp', means: 'Only runs created before.' }),
      inQuery('group_id', { means: 'Only runs of this group.' }),
      inQuery('annotations', {
        means: 'Only runs with all of these, as name=value, separated by commas.',
      }),
    ],
    request: ListRunsRequest,
    shape: withPairs,
    call: (clients) => clients.reporting.listRuns,
  }),
  unary({
    name: 'getRun',
    method: 'GET',
    path: '/api/v1/runs/{run_id}',
    scope: 'runs:read',
    summary: 'A run.',
    fields: [RUN_ID],
    request: GetRunRequest,
    call: (clients) => clients.reporting.getRun,
  }),
  unary({
    name: 'cancelRun',
    method: 'POST',
    path: '/api/v1/runs/{run_id}:cancel',
    scope: 'runs:write',
    summary: 'Stops a run: waiting tasks at once, running ones within two seconds.',
    fields: [
      RUN_ID,
      inBody('reason', { means: 'Shown to people.' }),
      inBody('graceMs', {
        type: 'int64',
        means: 'How long tasks that run may go on, in milliseconds; 0 stops them now.',
      }),
    ],
    request: CancelRunRequest,
    call: (clients) => clients.scheduler.cancelRun,
  }),
  unary({
    name: 'cancelRuns',
    method: 'POST',
    path: '/api/v1/run-groups/{group_id}:cancel',
    scope: 'runs:write',
    summary: 'Stops all runs of a group.',
    fields: [
      inPath('group_id', { means: 'The group, as it was given when the runs were started.' }),
      inBody('reason', { means: 'Shown to people.' }),
      inBody('graceMs', { type: 'int64', means: 'As for a single run.' }),
    ],
    request: CancelRunsRequest,
    call: (clients) => clients.scheduler.cancelRuns,
  }),
  unary({
    name: 'pauseRun',
    method: 'POST',
    path: '/api/v1/runs/{run_id}:pause',
    scope: 'runs:write',
    summary: 'Starts no new task until the run is resumed.',
    fields: [RUN_ID],
    request: PauseRunRequest,
    call: (clients) => clients.scheduler.pauseRun,
  }),
  unary({
    name: 'resumeRun',
    method: 'POST',
    path: '/api/v1/runs/{run_id}:resume',
    scope: 'runs:write',
    summary: 'Goes on with a paused run.',
    fields: [RUN_ID],
    request: ResumeRunRequest,
    call: (clients) => clients.scheduler.resumeRun,
  }),
  unary({
    name: 'retryRun',
    method: 'POST',
    path: '/api/v1/runs/{run_id}:retry',
    scope: 'runs:write',
    summary: 'Runs an ended run again and keeps the good results.',
    fields: [
      RUN_ID,
      inBody('fromTaskId', { means: 'Empty for all tasks that did not succeed.' }),
      inBody('items', {
        means: 'Of that task only these items: positions and ranges like 3,7-9, or failed.',
      }),
      REQUEST_ID,
      IDEMPOTENCY_KEY,
    ],
    request: RetryRunRequest,
    shape: withRequestId,
    call: (clients) => clients.scheduler.retryRun,
  }),
  unary({
    name: 'approveTask',
    method: 'POST',
    path: '/api/v1/runs/{run_id}/tasks/{task_id}:approve',
    scope: 'runs:write',
    summary: 'Answers an approval: yes or no.',
    fields: [
      RUN_ID,
      inPath('task_id', { means: 'The approval that waits.' }),
      inBody('approved', { type: 'boolean', means: 'False rejects: the task fails.' }),
      inBody('approver', { means: 'Who answers, for people.' }),
      inBody('comment', { means: 'Shown to people.' }),
      inBody('form', { type: 'object', means: 'What is filled in, by name.' }),
    ],
    request: ApproveTaskRequest,
    call: (clients) => clients.scheduler.approveTask,
  }),
  unary({
    name: 'listTaskRuns',
    method: 'GET',
    path: '/api/v1/runs/{run_id}/tasks',
    scope: 'runs:read',
    summary: 'Lists the task runs of a run in the order of the workflow.',
    fields: [RUN_ID, ...PAGE_FIELDS],
    request: ListTaskRunsRequest,
    call: (clients) => clients.reporting.listTaskRuns,
  }),
  unary({
    name: 'getTaskItems',
    method: 'GET',
    path: '/api/v1/runs/{run_id}/tasks/{task_id}/items',
    scope: 'runs:read',
    summary: 'What became of each item of a task with `foreach`.',
    fields: [RUN_ID, inPath('task_id', { means: 'The name of the task.' })],
    request: GetTaskItemsRequest,
    call: (clients) => clients.reporting.getTaskItems,
  }),
  unary({
    name: 'getRunReport',
    method: 'GET',
    path: '/api/v1/runs/{run_id}/report',
    scope: 'runs:read',
    summary: 'What a run did, in numbers.',
    fields: [RUN_ID],
    request: GetRunReportRequest,
    call: (clients) => clients.reporting.getRunReport,
  }),
];

/** With an id of ours a start whose answer got lost can be sent again without a second run. */
export function withRequestId(values: FieldValues): FieldValues {
  return values['requestId'] ? values : { ...values, requestId: randomUUID() };
}
