import { FloeError, type Violation } from '@floe/errors';
import type { ValidateWorkflowRequest, ValidateWorkflowResponse } from '@floe/rpc/contracts';
import { inOrder } from '@floe/workflow';
import { type CheckedDocument, checkDocument } from '../checking/check-document.ts';
import type { RpcContext } from './context.ts';
import { errorMessages, warningMessages } from './problem-message.ts';
import { taskMessages } from './workflow-message.ts';

/** Says of a document what apply would say, as an answer instead of an error. Stores nothing. */
export async function validateWorkflow(
  context: RpcContext,
  request: ValidateWorkflowRequest,
): Promise<ValidateWorkflowResponse> {
  const checked = await checkOrRefuse(context, request.source);
  if (checked instanceof FloeError) {
    return { valid: false, problems: errorMessages(violationsOf(checked)), tasks: [] };
  }
  return {
    valid: checked.violations.length === 0,
    problems: [...errorMessages(inOrder(checked.violations)), ...warningMessages(checked.warnings)],
    tasks: taskMessages(checked.workflow, checked.schemas),
  };
}

/** A document that cannot be read is the answer here; any other failure stays a failure of the call. */
async function checkOrRefuse(
  context: RpcContext,
  source: string,
): Promise<CheckedDocument | FloeError> {
  try {
    return await checkDocument(context, source);
  } catch (thrown) {
    const isRefusal =
      thrown instanceof FloeError &&
      (thrown.code === 'DOCUMENT_INVALID' || thrown.code === 'DOCUMENT_TOO_LARGE');
    if (!isRefusal) throw thrown;
    return thrown;
  }
}

function violationsOf(error: FloeError): readonly Violation[] {
  if (error.violations.length > 0) return error.violations;
  const { message, hint } = error;
  return [{ field: '', message, ...(hint === undefined ? {} : { hint }) }];
}
