import { type ApplyWorkflowRequest, ApplyWorkflowResponse } from '@floe/rpc/contracts';
import { documentInvalid } from '@floe/workflow';
import { type CheckedDocument, checkDocument } from '../checking/check-document.ts';
import { newVersion } from '../checking/new-version.ts';
import { putVersion, type NewVersion } from '../store/workflows.ts';
import type { RpcContext } from './context.ts';
import { warningMessages } from './problem-message.ts';
import { taskMessages, versionMessage } from './workflow-message.ts';

/**
 * Stores a document that was found good, or refuses it with every violation. What the document means decides whether
 * it is new: comments and order of fields do not.
 */
export async function applyWorkflow(
  context: RpcContext,
  request: ApplyWorkflowRequest,
): Promise<ApplyWorkflowResponse> {
  const checked = await checkDocument(context, request.source);
  if (checked.violations.length > 0) throw documentInvalid(checked.violations);
  const warnings = warningMessages(checked.warnings);
  const version = newVersion(request.source, checked);
  if (request.validateOnly) {
    return ApplyWorkflowResponse.create({ version: unstored(version, checked), warnings });
  }
  const { row, isUnchanged } = await putVersion(context.db, version, request.expectedVersion);
  context.log.info(
    { workflow: row.workflow_name, version: row.version, unchanged: isUnchanged },
    'a workflow was applied',
  );
  return { version: versionMessage(row), unchanged: isUnchanged, warnings };
}

/** Version 0 says that nothing was stored. */
function unstored(version: NewVersion, { workflow, schemas }: CheckedDocument) {
  return {
    workflowName: version.name,
    version: 0,
    source: version.source,
    document: workflow,
    digest: version.digest,
    tasks: taskMessages(workflow, schemas),
  };
}
