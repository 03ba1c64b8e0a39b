/**
 * The events of a run and of its tasks, in the order of their times.
 *
 *   B1. Each run and task that began has one START, and each that ended one of COMPLETE, FAIL and ABORT.
 *   B2. Events of tasks have the run as their parent, always; inputs and outputs are on the last event, too.
 *   B3. The same facts give the same events: sending them again harms nobody.
 */
import type { EventDataset, EventType, Facets, RunEvent } from './event.ts';
import {
  columnFacet,
  facet,
  nominalFacet,
  parentFacet,
  schemaFacet,
  statisticsFacet,
  type Origin,
} from './facets.ts';
import type { LineageDataset, LineageRun, LineageTask, RunEnd } from './facts.ts';

const SCHEMA_URL = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent';

const TYPE_OF_END: Readonly<Record<RunEnd, EventType>> = {
  succeeded: 'COMPLETE',
  failed: 'FAIL',
  timed_out: 'FAIL',
  cancelled: 'ABORT',
};

export function buildRunEvents(run: LineageRun, origin: Origin): RunEvent[] {
  const parent = run.parent;
  const facets = {
    ...nominalFacet(origin, run),
    ...(parent && parentFacet(origin, { runId: parent.runId, job: parent.workflowName })),
  };
  const job = jobOf(origin, run.workflowName, { ...jobType(origin, 'DAG') });
  const events = eventsOf(run, { origin, job, facets, inputs: [], outputs: [] });
  const ofTasks = run.tasks.flatMap((task) => taskEvents(task, run, origin));
  // The run is told first when it begins, and last when it ends.
  return [...events.slice(0, 1), ...ofTasks.toSorted(byTime), ...events.slice(1)];
}

function taskEvents(task: LineageTask, run: LineageRun, origin: Origin): RunEvent[] {
  const { sql } = task;
  const ofRun = { runId: run.runId, job: run.workflowName };
  const root = run.parent && { runId: run.parent.runId, job: run.parent.workflowName };
  const query = sql === undefined ? {} : facet(origin, 'sql', { query: sql, dialect: 'postgres' });
  return eventsOf(task, {
    origin,
    job: jobOf(origin, `${run.workflowName}.${task.taskId}`, {
      ...jobType(origin, 'TASK'),
      ...query,
    }),
    facets: parentFacet(origin, ofRun, root),
    inputs: task.reads,
    outputs: task.writes,
  });
}

type Told = {
  readonly origin: Origin;
  readonly job: RunEvent['job'];
  readonly facets: Facets;
  readonly inputs: readonly LineageDataset[];
  readonly outputs: readonly LineageDataset[];
};

function eventsOf(work: LineageRun | LineageTask, told: Told): RunEvent[] {
  const { end } = work;
  const start = eventOf(work, told, { type: 'START', at: work.startedAt });
  if (end === undefined) return [start];
  return [start, eventOf(work, told, { type: TYPE_OF_END[end.state], at: end.at })];
}

function eventOf(
  { runId, failure }: LineageRun | LineageTask,
  { origin, job, facets, inputs, outputs }: Told,
  { type, at }: { readonly type: EventType; readonly at: number },
): RunEvent {
  const isFailed = type === 'FAIL' && failure !== undefined;
  const error = isFailed
    ? facet(origin, 'errorMessage', {
        message: `${failure.code}: ${failure.message}`,
        programmingLanguage: 'TypeScript',
      })
    : {};
  const isWritten = type === 'COMPLETE';
  return {
    eventType: type,
    eventTime: new Date(at).toISOString(),
    producer: origin.producer,
    schemaURL: SCHEMA_URL,
    run: { runId, facets: { ...facets, ...error } },
    job,
    inputs: inputs.map((dataset) => datasetOf(origin, dataset)),
    outputs: outputs.map((dataset) => ({
      ...datasetOf(origin, dataset),
      outputFacets: isWritten ? statisticsFacet(origin, dataset) : {},
    })),
  };
}

function datasetOf(origin: Origin, dataset: LineageDataset): EventDataset {
  const { namespace, name } = dataset;
  return {
    namespace,
    name,
    facets: { ...schemaFacet(origin, dataset), ...columnFacet(origin, dataset) },
  };
}

function jobOf({ jobNamespace: namespace }: Origin, name: string, facets: Facets): RunEvent['job'] {
  return { namespace, name, facets };
}

function jobType(origin: Origin, type: 'DAG' | 'TASK'): Facets {
  return facet(origin, 'jobType', { processingType: 'BATCH', integration: 'FLOE', jobType: type });
}

function byTime(a: RunEvent, b: RunEvent): number {
  return a.eventTime < b.eventTime ? -1 : Number(a.eventTime > b.eventTime);
}
