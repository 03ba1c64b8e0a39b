import { FloeError, nearestName } from '@floe/errors';
import { GetWorkflowResponse, type GetWorkflowRequest } from '@floe/rpc/contracts';
import { METADATA_COUNT_MAX, NAMES_MAX } from '../limits.ts';
import { readWorkflowMetadata } from '../store/records.ts';
import { findVersion, findWorkflow, workflowNames } from '../store/workflows.ts';
import type { RpcContext } from './context.ts';
import { metadataMessage, versionMessage, workflowMessage } from './workflow-message.ts';

export async function getWorkflow(
  context: RpcContext,
  request: GetWorkflowRequest,
): Promise<GetWorkflowResponse> {
  const { name, version } = request;
  const row = await findWorkflow(context.db, name);
  if (row === undefined) throw await workflowNotFound(context, name);
  const found = version < 0 ? undefined : await findVersion(context.db, name, version);
  if (found === undefined) {
    const message = `workflow ${name} has versions 1 to ${row.latest_version}, not ${version}`;
    throw new FloeError('VERSION_NOT_FOUND', message, { details: { workflow_name: name } });
  }
  const metadata = await readWorkflowMetadata(context.db, name, METADATA_COUNT_MAX);
  return GetWorkflowResponse.create({
    workflow: workflowMessage(row),
    version: versionMessage(found),
    metadata: metadata.map(metadataMessage),
  });
}

/** What to say when there is no workflow of this name. */
export async function workflowNotFound(context: RpcContext, name: string): Promise<FloeError> {
  const nearest = nearestName(name, await workflowNames(context.db, NAMES_MAX));
  return new FloeError('WORKFLOW_NOT_FOUND', `no workflow is named ${JSON.stringify(name)}`, {
    details: { workflow_name: name },
    hint:
      nearest === undefined
        ? 'Apply its document first: floe apply -f FILE'
        : `Did you mean ${nearest}?`,
  });
}
