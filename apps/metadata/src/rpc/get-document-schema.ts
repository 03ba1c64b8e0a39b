import type { GetDocumentSchemaResponse } from '@floe/rpc/contracts';
import { TASK_TYPES } from '@floe/tasks';
import { documentSchema } from '@floe/workflow';

// Packages are there before anybody asks, and no type is added afterwards.
let schema: string | undefined;

/** The schema by which editors complete and check documents, with the task types that this service knows. */
export async function getDocumentSchema(): Promise<GetDocumentSchemaResponse> {
  schema ??= JSON.stringify(documentSchema(TASK_TYPES));
  return { schema };
}
