import { createHash } from 'node:crypto';
import { FloeError, nearestName } from '@floe/errors';
import { newRunState } from '@floe/engine';
import { StartRunResponse, type StartRunRequest } from '@floe/rpc/contracts';
import { newSpanId, newTraceId, parseTraceparent } from '@floe/telemetry';
import { toControlError } from '@floe/database';
import { bindParameters } from '@floe/workflow';
import {
  ACTIVE_RUNS_MAX,
  REQUEST_ID_LENGTH_MAX,
  RETRY_AFTER_MS,
  SUGGESTED_NAMES_MAX,
} from '../limits.ts';
import {
  BACKFILL_REQUEST_PREFIX,
  CHILD_REQUEST_PREFIX,
  SLOT_REQUEST_PREFIX,
  type NewRun,
  type RunPlan,
  type RunRecord,
} from '@floe/scheduling';
import { runMessage } from '../runs/snapshot.ts';
import { findActiveRun, findAdmission, type Admission } from '../store/find-admission.ts';
import { workflowNames } from '../store/find-version.ts';
import { loadRun } from '../store/load-run.ts';
import { readCallerFacts } from './caller-facts.ts';
import type { RpcContext } from './context.ts';

export type Caller = { readonly traceparent: string };

/** Stores a run and its tasks in one transaction and answers. The same request id answers the same run. */
export async function startRun(
  context: RpcContext,
  request: StartRunRequest,
  caller: Caller,
): Promise<StartRunResponse> {
  try {
    requireRequestId(request.requestId);
    const admission = await findAdmissionOf(context, request);
    const newRun = await prepareRun(context, { request, caller, admission });
    const { record, isKnown } = await createRun(context, newRun, admission);
    return answer(record, { alreadyStarted: isKnown });
  } catch (error) {
    throw toControlError(error);
  }
}

/** Stores a run, or finds the one that the same request id has started. */
export async function createRun(
  context: RpcContext,
  newRun: NewRun,
  admission: Admission,
): Promise<{ readonly record: RunRecord; readonly isKnown: boolean }> {
  const known = await findKnownRun(context, newRun, admission.known);
  if (known !== undefined) return { record: known, isKnown: true };
  refuseAboveLimit(admission);
  const other = await findRunBeside(context, newRun.record);
  if (other === undefined) {
    const result = await context.committer.create(newRun);
    if (result.kind !== 'missing') return { record: result.record, isKnown: false };
  }
  // What stands in the way may be the run of the same request, which was asked for at the same time and was faster.
  const faster = await findFasterRun(context, newRun);
  if (faster !== undefined) return { record: faster, isKnown: true };
  if (newRun.record.isExclusive === true) throw alreadyRunning(newRun.record.workflowName, other);
  throw new FloeError('INTERNAL', `run ${newRun.record.runId} was not stored`);
}

async function findFasterRun(context: RpcContext, newRun: NewRun): Promise<RunRecord | undefined> {
  const { record, requestId = '' } = newRun;
  const asked = { workflowName: record.workflowName, requestId };
  const { known } = await findAdmissionOf(context, asked);
  return findKnownRun(context, newRun, known);
}

/** What a request meets, of the workflow, of runs that go on, and of requests with the same id. */
export function findAdmissionOf(
  { database }: Pick<RpcContext, 'database'>,
  { workflowName, requestId }: Pick<StartRunRequest, 'workflowName' | 'requestId'>,
): Promise<Admission> {
  return findAdmission(database, { workflowName, requestId, countMax: ACTIVE_RUNS_MAX });
}

/** Ids of requests that people and programs may choose. */
export function requireRequestId(requestId: string): void {
  if (requestId.length > REQUEST_ID_LENGTH_MAX) {
    throw new FloeError(
      'ARGUMENT_INVALID',
      `request_id is longer than ${REQUEST_ID_LENGTH_MAX} characters`,
    );
  }
  const reserved = [SLOT_REQUEST_PREFIX, BACKFILL_REQUEST_PREFIX, CHILD_REQUEST_PREFIX];
  const taken = reserved.find((prefix) => requestId.startsWith(prefix));
  if (taken === undefined) return;
  const message = `a request_id does not begin with ${taken}: Floe itself starts runs with such ids`;
  throw new FloeError('ARGUMENT_INVALID', message);
}

type Asked = {
  readonly request: StartRunRequest;
  readonly caller: Caller;
  readonly admission: Admission;
};

async function prepareRun(
  context: RpcContext,
  { request, caller, admission }: Asked,
): Promise<NewRun> {
  const { workflowName, requestId } = request;
  const version = await findVersionToRun(context, request, admission.latestVersion);
  const plan = await context.plans.get(workflowName, version);
  const parameters = bindParameters(plan.workflow, request.parameters ?? {});
  const parts = { context, plan, caller, version, parameters, trigger: 'manual' };
  const facts = readCallerFacts(request);
  const flags = request.ignoreCache && { ignoresKnown: true };
  const record = { ...newRecord(parts), ...flags, ...facts };
  if (requestId === '') return { record };
  const asked = [workflowName, request.workflowVersion, parameters];
  const more = [...(request.ignoreCache ? ['ignore_cache'] : []), ...whatWasSaid(facts)];
  const digest = createHash('sha256')
    .update(JSON.stringify([...asked, ...more]))
    .digest('hex');
  return { record, requestId, requestDigest: digest };
}

/** Requests that say nothing of the kind have the digest that they always had. */
function whatWasSaid({ annotations, groupId, isExclusive }: ReturnType<typeof readCallerFacts>) {
  const said = annotations ?? groupId ?? isExclusive;
  const sorted = Object.entries(annotations ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return said === undefined ? [] : [sorted, groupId ?? '', isExclusive === true];
}

async function findVersionToRun(
  context: RpcContext,
  { workflowName: name, workflowVersion: wanted }: StartRunRequest,
  latest: number | undefined,
): Promise<number> {
  if (latest === undefined) {
    const nearest = nearestName(name, await workflowNames(context.db, SUGGESTED_NAMES_MAX));
    throw new FloeError('WORKFLOW_NOT_FOUND', `no workflow is named ${JSON.stringify(name)}`, {
      details: { workflow_name: name },
      hint:
        nearest === undefined
          ? 'Apply its document first: floe apply -f FILE'
          : `Did you mean ${nearest}?`,
    });
  }
  if (wanted === 0) return latest;
  if (wanted < 0 || wanted > latest) {
    throw new FloeError(
      'VERSION_NOT_FOUND',
      `workflow ${name} has versions 1 to ${latest}, not ${wanted}`,
      {
        details: { workflow_name: name, version: String(wanted) },
      },
    );
  }
  return wanted;
}

export type RecordParts = {
  readonly context: Pick<RpcContext, 'newId'>;
  readonly plan: RunPlan;
  readonly caller: Caller;
  readonly version: number;
  readonly parameters: RunRecord['parameters'];
  /** What started it. */
  readonly trigger: string;
  /** How many runs stand above it; 0 when absent. */
  readonly depth?: number;
};

/** The run joins the trace of the call that started it, as a root of its own that links to the call. */
export function newRecord({ context, plan, caller, version, ...rest }: RecordParts): RunRecord {
  const trace = parseTraceparent(caller.traceparent);
  return {
    runId: context.newId(),
    workflowName: plan.workflow.name,
    workflowVersion: version,
    generation: 1,
    depth: 0,
    ...rest,
    traceId: trace?.traceId ?? newTraceId(),
    spanId: newSpanId(),
    traceFlags: trace?.traceFlags ?? 1,
    ...(trace !== undefined && { linkTraceparent: caller.traceparent }),
    revision: 1,
    eventSequence: 0,
    plan,
    // The committer dates it by the clock of the database.
    state: newRunState(plan.graph, { now: 0, timeoutMs: plan.workflow.timeoutMs }),
    rowsLoaded: 0,
    details: plan.graph.tasks.map(() => ({
      spanId: newSpanId(),
      rows: 0,
      bytes: 0,
      peakMemoryBytes: 0,
    })),
  };
}

async function findKnownRun(
  context: RpcContext,
  newRun: NewRun,
  known: Admission['known'],
): Promise<RunRecord | undefined> {
  if (known === undefined) return undefined;
  if (known.requestDigest !== newRun.requestDigest) {
    throw new FloeError(
      'REQUEST_ID_REUSED',
      `request id ${newRun.requestId} started run ${known.runId} with another request`,
      {
        details: { run_id: known.runId },
        hint: 'Use a new request id for another workflow or other parameters.',
      },
    );
  }
  return loadRun(context.database, known.runId, context.plans.get);
}

function refuseAboveLimit({ active }: Admission): void {
  if (active < ACTIVE_RUNS_MAX) return;
  throw new FloeError(
    'LIMIT_EXCEEDED',
    `${active} runs have not ended; at most ${ACTIVE_RUNS_MAX} may be active`,
    {
      hint: 'Try again when some have ended.',
      details: { retry_after_ms: String(RETRY_AFTER_MS) },
    },
  );
}

/**
 * The run that keeps an exclusive one out. Runs that were not started to be the only ones are seen here; among those that
 * were, the table decides when the run is stored.
 */
async function findRunBeside(
  { database }: Pick<RpcContext, 'database'>,
  { workflowName, isExclusive }: RunRecord,
): Promise<string | undefined> {
  if (isExclusive !== true) return undefined;
  return findActiveRun(database, { workflowName, activeMax: ACTIVE_RUNS_MAX });
}

function alreadyRunning(workflowName: string, runId?: string): FloeError {
  const which = runId === undefined ? 'another run' : `run ${runId}`;
  return new FloeError('WORKFLOW_ALREADY_RUNNING', `${which} of ${workflowName} goes on`, {
    details: { workflow_name: workflowName, ...(runId !== undefined && { run_id: runId }) },
    hint: 'Wait for its end, or cancel it: floe runs cancel RUN',
  });
}

function answer(record: RunRecord, options: { alreadyStarted: boolean }): StartRunResponse {
  return StartRunResponse.create({
    run: runMessage(record),
    alreadyStarted: options.alreadyStarted,
  });
}
