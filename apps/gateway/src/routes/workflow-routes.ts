import {
  ApplyWorkflowRequest,
  DeleteWorkflowRequest,
  ExplainWorkflowRequest,
  GetWorkflowReportRequest,
  GetWorkflowRequest,
  ListWorkflowVersionsRequest,
  ListWorkflowsRequest,
  TrendStep,
  ValidateWorkflowRequest,
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
import type { Route } from './route.ts';

const NAME = inPath('name', { means: 'The name of the workflow.' });
const SOURCE = requiredInBody('source', {
  means: 'The document, YAML or JSON. A body of type application/yaml is the document itself.',
});

const IF_MATCH = inHeader('if-match', {
  type: 'etag',
  to: 'expectedVersion',
  means: 'The ETag of the workflow that the caller has: with another version nothing is changed.',
});

export const WORKFLOW_ROUTES: readonly Route[] = [
  unary({
    name: 'listWorkflows',
    method: 'GET',
    path: '/api/v1/workflows',
    scope: 'workflows:read',
    summary: 'Lists workflows by name.',
    fields: [...PAGE_FIELDS, inQuery('search', { means: 'Only names that contain this text.' })],
    request: ListWorkflowsRequest,
    call: (clients) => clients.metadata.listWorkflows,
  }),
  unary({
    name: 'applyWorkflow',
    method: 'POST',
    path: '/api/v1/workflows',
    scope: 'workflows:write',
    summary: 'Stores a document as the newest version of its workflow.',
    fields: [
      SOURCE,
      inBody('validateOnly', { type: 'boolean', means: 'Checks only; nothing is stored.' }),
      inQuery('validate_only', { type: 'boolean', means: 'The same, for a body of YAML.' }),
      IF_MATCH,
    ],
    yamlField: 'source',
    request: ApplyWorkflowRequest,
    call: (clients) => clients.metadata.applyWorkflow,
  }),
  unary({
    name: 'validateWorkflow',
    method: 'POST',
    path: '/api/v1/workflows:validate',
    scope: 'workflows:read',
    summary: 'Checks a document and stores nothing.',
    fields: [SOURCE],
    yamlField: 'source',
    request: ValidateWorkflowRequest,
    call: (clients) => clients.metadata.validateWorkflow,
  }),
  unary({
    name: 'explainWorkflow',
    method: 'POST',
    path: '/api/v1/workflows:explain',
    scope: 'workflows:read',
    summary: 'Says how a document would be run: order, SQL and plans. Runs nothing.',
    fields: [SOURCE],
    yamlField: 'source',
    request: ExplainWorkflowRequest,
    call: (clients) => clients.metadata.explainWorkflow,
  }),
  unary({
    name: 'getWorkflow',
    method: 'GET',
    path: '/api/v1/workflows/{name}',
    scope: 'workflows:read',
    summary: 'A workflow with one of its versions.',
    fields: [NAME, inQuery('version', { type: 'int32', means: '0 for the newest.' })],
    request: GetWorkflowRequest,
    call: (clients) => clients.metadata.getWorkflow,
  }),
  unary({
    name: 'deleteWorkflow',
    method: 'DELETE',
    path: '/api/v1/workflows/{name}',
    scope: 'workflows:write',
    summary: 'Hides a workflow; its runs and versions stay.',
    fields: [NAME, IF_MATCH],
    request: DeleteWorkflowRequest,
    call: (clients) => clients.metadata.deleteWorkflow,
  }),
  unary({
    name: 'listWorkflowVersions',
    method: 'GET',
    path: '/api/v1/workflows/{name}/versions',
    scope: 'workflows:read',
    summary: 'Lists the versions of a workflow.',
    fields: [NAME, ...PAGE_FIELDS],
    request: ListWorkflowVersionsRequest,
    call: (clients) => clients.metadata.listWorkflowVersions,
  }),
  unary({
    name: 'getWorkflowReport',
    method: 'GET',
    path: '/api/v1/workflows/{name}/report',
    scope: 'runs:read',
    summary: 'How the last runs of a workflow went.',
    fields: [
      { ...NAME, to: 'workflowName' },
      inQuery('from_time', {
        type: 'timestamp',
        means: 'Only runs created then or later; the last 30 days when absent.',
      }),
      inQuery('to_time', { type: 'timestamp', means: 'Only runs created before.' }),
      inQuery('step', {
        type: enumType('enum', 'TREND_STEP_', TrendStep),
        means: 'How long each point of the trend is: hour or day.',
      }),
    ],
    request: GetWorkflowReportRequest,
    call: (clients) => clients.reporting.getWorkflowReport,
  }),
];
