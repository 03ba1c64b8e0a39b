import { GetArtifactRequest, ListArtifactsRequest } from '@floe/rpc/contracts';
import { PAGE_FIELDS, inPath, inQuery, unary } from './route.ts';
import type { Route } from './route.ts';

export const ARTIFACT_ROUTES: readonly Route[] = [
  unary({
    name: 'listArtifacts',
    method: 'GET',
    path: '/api/v1/runs/{run_id}/artifacts',
    scope: 'runs:read',
    summary: 'Lists what a run left for people: previews, findings of checks, summaries.',
    fields: [
      inPath('run_id', { means: 'The id of the run.' }),
      inQuery('task_id', { means: 'Only those of this task.' }),
      ...PAGE_FIELDS,
    ],
    request: ListArtifactsRequest,
    call: (clients) => clients.reporting.listArtifacts,
  }),
  unary({
    name: 'getArtifact',
    method: 'GET',
    path: '/api/v1/artifacts/{artifact_id}',
    scope: 'runs:read',
    summary: 'An artifact with its content, in base64.',
    fields: [inPath('artifact_id', { means: 'The id of the artifact.' })],
    request: GetArtifactRequest,
    call: (clients) => clients.reporting.getArtifact,
  }),
];
