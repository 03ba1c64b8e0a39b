import {
  CompareRunsRequest,
  FreshnessState,
  GetImpactRequest,
  GetRunLineageRequest,
  ListFreshnessRequest,
  ListMetricsRequest,
} from '@floe/rpc/contracts';
import { PAGE_FIELDS, enumType, inPath, inQuery, unary } from './route.ts';
import type { Route } from './route.ts';

const RUN_ID = inPath('run_id', { means: 'The id of the run.' });

export const REPORT_ROUTES: readonly Route[] = [
  unary({
    name: 'listMetrics',
    method: 'GET',
    path: '/api/v1/runs/{run_id}/metrics',
    scope: 'runs:read',
    summary: 'The numbers of a run and of its tasks, measured and recorded.',
    fields: [
      RUN_ID,
      ...PAGE_FIELDS,
      inQuery('task_id', { means: 'Only those of this task.' }),
      inQuery('name', { means: 'Only the one of this name.' }),
    ],
    request: ListMetricsRequest,
    call: (clients) => clients.reporting.listMetrics,
  }),
  unary({
    name: 'getRunLineage',
    method: 'GET',
    path: '/api/v1/runs/{run_id}/lineage',
    scope: 'runs:read',
    summary: 'What went from task to task in a run, with counts, sizes and checksums.',
    fields: [RUN_ID],
    request: GetRunLineageRequest,
    call: (clients) => clients.reporting.getRunLineage,
  }),
  unary({
    name: 'compareRuns',
    method: 'GET',
    path: '/api/v1/runs/{base_run_id}/compare/{other_run_id}',
    scope: 'runs:read',
    summary: 'How two runs differ: tasks, durations, rows, parameters, columns, document.',
    fields: [
      inPath('base_run_id', { means: 'The run that is compared with.' }),
      inPath('other_run_id', { means: 'The run that is compared.' }),
    ],
    request: CompareRunsRequest,
    call: (clients) => clients.reporting.compareRuns,
  }),
  unary({
    name: 'getImpact',
    method: 'GET',
    path: '/api/v1/impact',
    scope: 'workflows:read',
    summary: 'Who uses a table or column, directly and through others.',
    fields: [
      inQuery('dataset', {
        means: 'A table like analytics.late_flights, or a full name from an answer.',
      }),
      inQuery('column', { means: 'A column of it; empty for the whole dataset.' }),
      inQuery('depth', { type: 'int32', means: 'How many steps, 1 to 20; 0 for 20.' }),
    ],
    request: GetImpactRequest,
    call: (clients) => clients.reporting.getImpact,
  }),
  unary({
    name: 'listFreshness',
    method: 'GET',
    path: '/api/v1/freshness',
    scope: 'runs:read',
    summary:
      'When tables and files were last loaded, and whether that is as their schedules want it.',
    fields: [
      ...PAGE_FIELDS,
      inQuery('workflow_name', { means: 'Only what this workflow loads.' }),
      inQuery('states', {
        type: enumType('enum-list', 'FRESHNESS_STATE_', FreshnessState),
        means: 'Only those in one of these states.',
      }),
    ],
    request: ListFreshnessRequest,
    call: (clients) => clients.reporting.listFreshness,
  }),
];
