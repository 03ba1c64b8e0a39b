import { ACCESS_ROUTES } from './access-routes.ts';
import { ARTIFACT_ROUTES } from './artifact-routes.ts';
import { BACKFILL_ROUTES } from './backfill-routes.ts';
import { CONNECTION_ROUTES } from './connection-routes.ts';
import { IMPORT_ROUTES } from './import-routes.ts';
import { LINEAGE_ROUTES } from './lineage-routes.ts';
import { REPORT_ROUTES } from './report-routes.ts';
import type { Route } from './route.ts';
import { RUN_ROUTES } from './run-routes.ts';
import { RUN_STREAM_ROUTES } from './run-stream-routes.ts';
import { SCHEDULE_ROUTES } from './schedule-routes.ts';
import { SYSTEM_ROUTES } from './system-routes.ts';
import { VIEW_ROUTES } from './view-routes.ts';
import { WORKFLOW_ROUTES } from './workflow-routes.ts';

/** Every route of the REST API. */
export const ROUTES: readonly Route[] = [
  ...WORKFLOW_ROUTES,
  ...RUN_ROUTES,
  ...RUN_STREAM_ROUTES,
  ...ARTIFACT_ROUTES,
  ...LINEAGE_ROUTES,
  ...REPORT_ROUTES,
  ...SCHEDULE_ROUTES,
  ...BACKFILL_ROUTES,
  ...CONNECTION_ROUTES,
  ...ACCESS_ROUTES,
  ...VIEW_ROUTES,
  ...IMPORT_ROUTES,
  ...SYSTEM_ROUTES,
];
