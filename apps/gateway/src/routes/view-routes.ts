import { PAGE_FIELDS, inBody, inPath, requiredInBody } from './route.ts';
import type { LocalRoute } from './route.ts';

const ID = inPath('view_id', { means: 'The id of the view.' });

/** Whoever is let in keeps views of its own: they change nothing but what its pages look like. */
export const VIEW_ROUTES: readonly LocalRoute[] = [
  {
    kind: 'local',
    name: 'listViews',
    method: 'GET',
    path: '/api/v1/views',
    scope: 'caller:read',
    summary: 'Lists the views that the caller has saved and those that others share, newest first.',
    fields: PAGE_FIELDS,
  },
  {
    kind: 'local',
    name: 'saveView',
    method: 'POST',
    path: '/api/v1/views',
    scope: 'views:write',
    summary:
      'Keeps a page of the console with its filters by name, in the place of one of that name.',
    fields: [
      requiredInBody('name', { means: 'What it is called, at most 60 characters.' }),
      requiredInBody('address', { means: 'Path and query within the console.' }),
      inBody('shared', {
        type: 'boolean',
        means: 'Whether every caller that may see all workflows sees it.',
      }),
    ],
  },
  {
    kind: 'local',
    name: 'getView',
    method: 'GET',
    path: '/api/v1/views/{view_id}',
    scope: 'caller:read',
    summary: 'One view of the caller, or one that is shared.',
    fields: [ID],
  },
  {
    kind: 'local',
    name: 'deleteView',
    method: 'DELETE',
    path: '/api/v1/views/{view_id}',
    scope: 'views:write',
    summary: 'Forgets a view of the caller; an administrator also one that another has shared.',
    fields: [ID],
  },
];
