import { isReservedName, mendIdentifier } from '@floe/workflow';
import { stringify } from 'yaml';
import { isList, isRecord, type Json, type JsonRecord } from './json.ts';
import { freeName, slugOf, withDigest, type Digest } from './names.ts';
import { runStatusOf, type PastNodeRun, type PastRun } from './past-run.ts';
import { readPrefectSchedule } from './prefect-schedule.ts';
import { instantOf } from './read-workflow.ts';
import { textOf } from './shapes.ts';

/** A deployment of Prefect 3 as a workflow of Floe whose tasks are still to be written. */
export type ReadDeployment = {
  readonly name: string;
  readonly source: string;
  /** What did not map, for people. */
  readonly notes: readonly string[];
};

export type PrefectDeployment = {
  readonly deployment: JsonRecord;
  readonly flowName: string;
  /** Task runs of its newest run; empty where it never ran. */
  readonly taskRuns: readonly JsonRecord[];
};

// More tasks than that are a loop, which `foreach` says better.
const TASKS_MAX = 200;
const SCHEDULES_MAX = 100;

/**
 * Its parameters, schedules and tasks with their order. The Python of a task cannot be run: each stands as a task that
 * fails by its name until somebody writes it. Schedules begin paused.
 */
export function readPrefectDeployment(
  { deployment, flowName, taskRuns }: PrefectDeployment,
  digest: Digest,
): ReadDeployment {
  const notes: string[] = [];
  const id = textOf(deployment['id']);
  const title = `${flowName}/${textOf(deployment['name'])}`;
  const slug = slugOf(title);
  const isPlain = /^[a-z][a-z0-9_]*\/[a-z0-9_]+$/.test(title) && slug.length <= 63;
  const name = isPlain ? slug : withDigest(slug || 'deployment', id, digest);
  const schedules = schedulesOf(deployment, notes);
  const params = paramsOf(deployment['parameters'], notes);
  const document = {
    name,
    description: `From Prefect: ${title} (deployment ${id})`.slice(0, 1_000),
    ...(Object.keys(params).length === 0 ? {} : { params }),
    tasks: tasksOf(taskRuns, textOf(deployment['entrypoint']) || flowName),
    ...(schedules.length === 0 ? {} : { schedules }),
  };
  for (const field of [
    'work_pool_name',
    'work_queue_name',
    'concurrency_limit',
    'pull_steps',
    'job_variables',
  ]) {
    const value = deployment[field];
    const isSaid =
      value !== undefined &&
      value !== null &&
      !['{}', '[]'].includes(JSON.stringify(value)) &&
      value !== '';
    if (isSaid) notes.push(`${field} is not mapped: ${JSON.stringify(value).slice(0, 200)}`);
  }
  return { name, source: stringify(document, { lineWidth: 0 }), notes };
}

function schedulesOf(deployment: JsonRecord, notes: string[]): object[] {
  const listed = deployment['schedules'];
  const schedules = isList(listed) ? listed.slice(0, SCHEDULES_MAX) : [];
  return schedules.flatMap((each, index) => {
    const read = readPrefectSchedule(isRecord(each) ? each['schedule'] : undefined);
    if (read.kind === 'refused') {
      notes.push(`schedule ${index + 1} is not mapped: ${read.reason}`);
      return [];
    }
    if (read.note !== undefined) notes.push(`schedule ${index + 1}: ${read.note}`);
    return [{ ...read.fields, paused: true }];
  });
}

function paramsOf(value: Json | undefined, notes: string[]): Record<string, object> {
  const params: Record<string, object> = {};
  for (const [name, given] of Object.entries(isRecord(value) ? value : {})) {
    const type = typeOf(given);
    const id = mendIdentifier(name);
    if (type === undefined || id === undefined || id !== name || isReservedName(name))
      notes.push(`the parameter ${name} is not mapped`);
    else params[name] = { type, default: given };
  }
  return params;
}

function typeOf(value: Json): string | undefined {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'float';
  return undefined;
}

function tasksOf(taskRuns: readonly JsonRecord[], entrypoint: string): Record<string, object> {
  const runs = taskRuns.slice(0, TASKS_MAX);
  if (runs.length === 0)
    return { flow: { type: 'unsupported', connector: `prefect flow ${entrypoint}`.slice(0, 200) } };
  const taken = new Set<string>();
  const names = new Map(
    runs.map((run) => {
      const mended = mendIdentifier(textOf(run['name']).replace(/-[0-9a-f]{1,4}$/, '')) ?? 'task';
      const wanted = (isReservedName(mended) ? `task_${mended}` : mended).slice(0, 50);
      return [textOf(run['id']), freeName(wanted, taken)] as const;
    }),
  );
  return Object.fromEntries(
    runs.map((run) => {
      const needs = parentsOf(run).flatMap((id) => names.get(id) ?? []);
      const connector = `prefect task ${textOf(run['name'])}`.slice(0, 200);
      const task = { type: 'unsupported', ...(needs.length === 0 ? {} : { needs }), connector };
      return [names.get(textOf(run['id'])) ?? 'task', task];
    }),
  );
}

/** The task runs whose results a task run took. */
function parentsOf(run: JsonRecord): readonly string[] {
  const inputs = run['task_inputs'];
  const all = Object.values(isRecord(inputs) ? inputs : {}).flatMap((list) =>
    isList(list) ? list : [],
  );
  const ids = all.filter(isRecord).filter((each) => each['input_type'] === 'task_run');
  return [...new Set(ids.map((each) => textOf(each['id'])))];
}

/** A flow run of Prefect 3 with its task runs; undefined for one that has not begun. Throws DOCUMENT_INVALID. */
export function readPrefectRun(
  run: JsonRecord,
  { flowName, taskRuns }: { readonly flowName: string; readonly taskRuns: readonly JsonRecord[] },
): PastRun | undefined {
  const text = (name: string): string => textOf(run[name]);
  const startTime = instantOf(text('start_time'));
  if (startTime === undefined) return undefined;
  const endTime = instantOf(text('end_time'));
  const { parameters, ...rest } = run;
  const policy = run['empirical_policy'];
  const tags = run['tags'];
  return {
    source: 'prefect',
    workflowRunId: text('id'),
    jobRunId: text('id'),
    workflowId: text('deployment_id') || text('flow_id'),
    workflowName: flowName,
    runStatus: statusOf(text('state_type')),
    startTime,
    ...(endTime === undefined ? {} : { endTime }),
    prefectFlowRunId: text('id'),
    prefectDeploymentId: text('deployment_id'),
    prefectFlowRunName: text('name'),
    flowRunTags: isList(tags) ? tags.map(textOf) : [],
    flowParameters: isRecord(parameters) ? parameters : {},
    retryCount: Math.max(0, Number(text('run_count') || 1) - 1),
    maxRetries: isRecord(policy) ? Number(textOf(policy['retries']) || 0) : 0,
    document: rest,
    nodes: taskRuns.map(nodeOf),
  };
}

function nodeOf(run: JsonRecord): PastNodeRun {
  const startTime = instantOf(textOf(run['start_time']));
  const endTime = instantOf(textOf(run['end_time']));
  const seconds = Number(textOf(run['total_run_time']));
  const state = isRecord(run['state']) ? run['state'] : {};
  const isFailed = ['FAILED', 'CRASHED'].includes(textOf(run['state_type']));
  return {
    nodeId: textOf(run['id']),
    nodeName: textOf(run['name']),
    connectorType: 'prefect',
    nodeType: 'transformation',
    nodeStatus: statusOf(textOf(run['state_type'])),
    errorMessage: isFailed ? textOf(state['message']) : '',
    ...(startTime === undefined ? {} : { startTime }),
    ...(endTime === undefined ? {} : { endTime }),
    ...(Number.isFinite(seconds) ? { totalRunTimeSec: seconds } : {}),
  };
}

const STATES: Readonly<Record<string, string>> = {
  CANCELLING: 'running',
  PAUSED: 'running',
};

function statusOf(type: string) {
  return runStatusOf(STATES[type] ?? type, 'state_type');
}
