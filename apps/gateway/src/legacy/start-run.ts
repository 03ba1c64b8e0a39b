/**
 * Starts and stops runs as callers of the replaced service do.
 *
 *   L1. An imported workflow has one active run: the scheduler decides, in the transaction that stores the run.
 *   L2. What is known of the caller is stored with the run, in the same transaction: the record of the activity is the run.
 *   L3. A kill stops the work of every run of the job run.
 */
import { randomUUID } from 'node:crypto';
import { FloeError } from '@floe/errors';
import { CancelRunRequest, CancelRunsRequest, StartRunRequest } from '@floe/rpc/contracts';
import type { LegacyWorkflow } from '@floe/rpc/internal-contracts';
import type { LegacyCall } from './context.ts';
import { fieldsOf, flagOf, textOf, userOf, type LegacyUser } from './read-body.ts';
import { FIELDS_MISSING, PERMISSION_DENIED, refuse } from './refusal.ts';

export async function addWorkflowRun(call: LegacyCall): Promise<object> {
  const { body, context, options } = call;
  const payload = fieldsOf(body['payload'], 'payload');
  const [folder, job, id] = ['folder_id', 'job_id', 'workflow_id'].map((name) =>
    textOf(payload, name),
  );
  if (!folder || !job || !id) throw refuse(FIELDS_MISSING);
  const user = requireUser(userOf(body));
  const workflow = await findWorkflow(call, id);
  const jobRunId = (flagOf(body, 'fromJob') && textOf(body, 'jobRunId')) || randomUUID();
  const request = StartRunRequest.create({
    workflowName: workflow.floeWorkflow,
    // The call is made again when its answer was lost; it is still one start.
    requestId: randomUUID(),
    groupId: jobRunId,
    exclusive: true,
    annotations: annotationsOf(user, {
      workflowId: id,
      module: textOf(body, 'module') || 'workflows',
    }),
  });
  try {
    const { run } = await context.clients.scheduler.startRun(request, options);
    const runId = run?.runId ?? '';
    return {
      id: {
        workflow_run_id: runId,
        job_run_id: jobRunId,
        prefect_flow_run_id: runId,
        workflow_id: workflow.workflowId,
        workflow_name: workflow.workflowName,
        status: 'Running',
      },
    };
  } catch (error) {
    if (codeOf(error) !== 'WORKFLOW_ALREADY_RUNNING') throw error;
    throw refuse(`Workflow ${id} is already running`);
  }
}

function requireUser(user: LegacyUser): LegacyUser {
  if (user.userId === '') throw refuse(PERMISSION_DENIED);
  return user;
}

async function findWorkflow(
  { context, options, caller }: LegacyCall,
  workflowId: string,
): Promise<LegacyWorkflow> {
  const { legacy } = context.clients;
  const { workflow } = await legacy.findLegacyWorkflow({ workflowId }, options);
  if (workflow === undefined) throw refuse(`Workflow not found: ${workflowId}`);
  const { workflowNames } = caller;
  const isAllowed = workflowNames.length === 0 || workflowNames.includes(workflow.floeWorkflow);
  if (!isAllowed) throw refuse(PERMISSION_DENIED);
  if (!workflow.isActive) throw refuse('Workflow is inactive and cannot be run');
  if (workflow.floeWorkflow === '') {
    const reasons = workflow.refusals.join('; ') || 'it was not imported';
    throw refuse(`Workflow ${workflowId} cannot be run: ${reasons}`);
  }
  return workflow;
}

// As long as an annotation may be.
const VALUE_LENGTH_MAX = 512;

/** L2. The views of runs read them under these names. */
function annotationsOf(
  user: LegacyUser,
  { workflowId, module }: { readonly workflowId: string; readonly module: string },
): Record<string, string> {
  const facts = {
    'legacy/workflow_id': workflowId,
    'legacy/user_id': user.userId,
    'legacy/user_name': user.fullName,
    'legacy/user_info_id': user.infoId,
    'legacy/user_photo_url': user.photoUrl,
    'legacy/module': module,
  };
  const said = Object.entries(facts).filter(([, value]) => value !== '');
  return Object.fromEntries(said.map(([name, value]) => [name, value.slice(0, VALUE_LENGTH_MAX)]));
}

/** L3. A job run whose runs have all ended, or are history, has nothing left to stop. */
export async function killWorkRunById(call: LegacyCall): Promise<object> {
  const { body } = call;
  const jobRunId = textOf(body, 'jobRunId');
  if (jobRunId === '') throw refuse('Please enter the field JOB RUN ID');
  const user = requireUser(userOf(body));
  const stopped = await stopRuns(call, jobRunId, `stopped by ${user.fullName || user.userId}`);
  return { job_run_id: jobRunId, status: 'Stopped', workflow_run_ids: stopped };
}

async function stopRuns(call: LegacyCall, jobRunId: string, reason: string): Promise<string[]> {
  const { scheduler } = call.context.clients;
  try {
    const request = CancelRunsRequest.create({ groupId: jobRunId, reason });
    const { runs } = await scheduler.cancelRuns(request, call.options);
    return runs.map(({ runId }) => runId);
  } catch (error) {
    if (codeOf(error) !== 'RUN_GROUP_NOT_FOUND') throw error;
    return stopSingle(call, jobRunId, reason);
  }
}

/** A run that was not started through this interface is a job run of its own. */
async function stopSingle(call: LegacyCall, runId: string, reason: string): Promise<string[]> {
  const { scheduler, legacy } = call.context.clients;
  const { runs } = await legacy.listLegacyRuns(
    { ...NO_FILTER, search: runId, limit: LIST_MAX },
    call.options,
  );
  const found = runs.filter(({ jobRunId }) => jobRunId === runId);
  if (found.length === 0) throw refuse(`Job run not found: ${runId}`);
  const going = found.filter(({ isOwn, endTime }) => isOwn && endTime === undefined);
  for (const { workflowRunId } of going) {
    const request = CancelRunRequest.create({ runId: workflowRunId, reason });
    await scheduler.cancelRun(request, call.options).catch(ignoreEnded);
  }
  return going.map(({ workflowRunId }) => workflowRunId);
}

const LIST_MAX = 100;
const NO_FILTER = {
  skip: 0,
  // A search finds ids that begin with this one as well: in this order the whole one comes first, before any longer.
  sortColumn: 'job_run_id',
  isAscending: true,
  statuses: [],
  workflowId: '',
  fromTime: undefined,
  toTime: undefined,
  isDownload: false,
};

function ignoreEnded(error: unknown): void {
  if (codeOf(error) !== 'RUN_ALREADY_ENDED') throw error;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof FloeError ? error.code : undefined;
}
