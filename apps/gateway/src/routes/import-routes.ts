import { ImportRunsRequest, ImportWorkflowsRequest } from '@floe/rpc/contracts';
import { inBody, requiredInBody, unary } from './route.ts';
import type { Route } from './route.ts';

// A batch of documents; the message that it becomes has at most 4 MiB.
const BATCH_BYTES_MAX = 4 * 1024 * 1024;

const SOURCE = inBody('source', { means: 'Where they come from, for people. Not a password.' });
const QUARANTINED = inBody('quarantined', {
  type: 'list',
  means: 'Documents that the caller could not read, to be put aside with the reason.',
});

export const IMPORT_ROUTES: readonly Route[] = [
  unary({
    name: 'importWorkflows',
    method: 'POST',
    path: '/api/v1/imports/workflows',
    scope: 'workflows:write',
    summary:
      'Stores workflows of the service that Floe replaces, with workflows of Floe that do the same.',
    bodyBytesMax: BATCH_BYTES_MAX,
    fields: [
      SOURCE,
      requiredInBody('documents', {
        type: 'list',
        means: 'Each with place and json, the document as text without passwords; at most 200.',
      }),
      QUARANTINED,
    ],
    request: ImportWorkflowsRequest,
    call: (clients) => clients.metadata.importWorkflows,
  }),
  unary({
    name: 'importRuns',
    method: 'POST',
    path: '/api/v1/imports/runs',
    scope: 'runs:write',
    summary: 'Stores runs of another system as they were.',
    bodyBytesMax: BATCH_BYTES_MAX,
    fields: [
      SOURCE,
      requiredInBody('runs', { type: 'list', means: 'The runs with their nodes; at most 500.' }),
      QUARANTINED,
    ],
    request: ImportRunsRequest,
    call: (clients) => clients.metadata.importRuns,
  }),
];
