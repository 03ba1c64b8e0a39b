import type { ControlDatabase } from '@floe/database';
import type { ParameterValue } from '@floe/expression';
import { tasksOf, toRunPlan, type EventContext } from '@floe/scheduling';
import type { Workflow } from '@floe/workflow';
import { runNotFound } from '../run-id.ts';
import { readRun } from '../store/read-runs.ts';
import { readDocument } from '../store/read-workflow.ts';

type VersionTasks = Pick<EventContext, 'taskCount' | 'task'>;

// Versions whose tasks are kept: those of the runs that people look at. The largest takes some megabytes.
const VERSIONS_MAX = 20;

/** Of a version that is not there its runs are told all the same, without names. */
const NO_TASKS: VersionTasks = {
  taskCount: 0,
  task: (index) => ({ id: `task ${index}`, type: '', upstreamTaskIds: [] }),
};

/** What never changes about runs, for telling their events; that of a version is read once. */
export class EventContexts {
  readonly #db: ControlDatabase['db'];
  readonly #versions = new Map<string, VersionTasks>();

  constructor(db: ControlDatabase['db']) {
    this.#db = db;
  }

  /** Throws RUN_NOT_FOUND, DATABASE_UNAVAILABLE. */
  async of(runId: string): Promise<EventContext> {
    const run = await readRun(this.#db, runId);
    if (run === undefined) throw runNotFound(runId);
    return {
      runId,
      workflowName: run.workflow_name,
      workflowVersion: run.workflow_version,
      generation: run.generation,
      trigger: run.trigger,
      parameters: run.parameters as Readonly<Record<string, ParameterValue>>,
      createdAt: run.created_at,
      deadlineAt: run.deadline_at,
      traceId: run.trace_id,
      ...(await this.#tasksOf(run.workflow_name, run.workflow_version)),
    };
  }

  async #tasksOf(workflowName: string, version: number): Promise<VersionTasks> {
    const key = `${workflowName}@${version}`;
    const tasks = this.#versions.get(key) ?? (await this.#read(workflowName, version));
    this.#versions.delete(key);
    this.#versions.set(key, tasks);
    if (this.#versions.size > VERSIONS_MAX) {
      const oldest = this.#versions.keys().next();
      if (!oldest.done) this.#versions.delete(oldest.value);
    }
    return tasks;
  }

  async #read(workflowName: string, version: number): Promise<VersionTasks> {
    const document = await readDocument(this.#db, { workflowName, version });
    if (document === undefined) return NO_TASKS;
    // Events say nothing of lanes.
    return tasksOf(toRunPlan(document as Workflow, () => ({ lane: 'slot' })));
  }
}
