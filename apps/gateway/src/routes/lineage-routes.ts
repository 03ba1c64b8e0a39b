import { GetLineageRequest, LineageDirection } from '@floe/rpc/contracts';
import { PAGE_FIELDS, enumType, inQuery, unary } from './route.ts';
import type { Route } from './route.ts';

export const LINEAGE_ROUTES: readonly Route[] = [
  unary({
    name: 'getLineage',
    method: 'GET',
    path: '/api/v1/lineage',
    scope: 'workflows:read',
    summary: 'Where a table or column comes from, or who uses it, over all workflows.',
    fields: [
      inQuery('dataset', {
        means: 'A table like analytics.late_flights, or a full name from an answer.',
      }),
      inQuery('column', { means: 'A column of it; empty for the whole dataset.' }),
      inQuery('direction', {
        type: enumType('enum', 'LINEAGE_DIRECTION_', LineageDirection),
        means: 'up: where it comes from; down: who uses it.',
      }),
      inQuery('depth', { type: 'int32', means: 'How many steps, 1 to 20; 0 for 5.' }),
      ...PAGE_FIELDS,
    ],
    request: GetLineageRequest,
    call: (clients) => clients.reporting.getLineage,
  }),
];
