/**
 * A run that is being changed by one or more inputs: the state before, what changed so far, and the commands of the
 * present input. The state before is never touched.
 *
 *   D1. Counts by state and the next wake are kept up with each change: no change looks at all tasks.
 *   D2. A state only becomes what the transition table allows; one that has ended becomes nothing, save that a task is
 *       recalled (M1): then it is a new generation, and what waits for it counts one more.
 *   D3. `changed` has the tasks of which something is kept that changed; what follows from the graph does not count.
 */
import { assert } from '@floe/errors';
import type { GraphTask, RunGraph } from './graph.ts';
import type { Command, World } from './input.ts';
import {
  type AttemptEnd,
  type RunHead,
  type RunState,
  type StoredRun,
  type StoredTask,
  type TaskState,
} from './state.ts';
import { UNTOUCHED } from './new-run-state.ts';
import type { Failure } from './failure.ts';
import type { EpochMs } from './epoch-ms.ts';
import {
  isRunEnded,
  isTaskEnded,
  isTaskFailed,
  type StatusCounts,
  type TaskStatus,
} from './status.ts';
import { RUN_MAY_BECOME, TASK_MAY_BECOME } from './transition-table.ts';
import { earlier, earliestWake, nextRunWake, nextTaskWake } from './wake-at.ts';

export class Draft {
  readonly graph: RunGraph;
  world: World = { now: 0, random: 0 };
  readonly #before: RunState;
  readonly #tasks = new Map<number, TaskState>();
  readonly #changed = new Set<number>();
  #run: StoredRun;
  #counts: Record<TaskStatus, number>;
  #wakeAt: EpochMs | undefined;
  #commands: Command[] = [];
  #ended: number[] = [];

  constructor(graph: RunGraph, before: RunState) {
    assert(graph.tasks.length === before.tasks.length, 'state and graph have the same tasks');
    this.graph = graph;
    this.#before = before;
    const { tasks: _, counts, wakeAt, ...run } = before;
    this.#run = run;
    this.#counts = { ...counts };
    this.#wakeAt = wakeAt;
  }

  get run(): StoredRun {
    return this.#run;
  }

  get counts(): StatusCounts {
    return this.#counts;
  }

  get wakeAt(): EpochMs | undefined {
    return this.#wakeAt;
  }

  get taskCount(): number {
    return this.graph.tasks.length;
  }

  task(index: number): TaskState {
    const task = this.#tasks.get(index) ?? this.#before.tasks[index];
    assert(task !== undefined, `task ${index} exists`);
    return task;
  }

  graphTask(index: number): GraphTask {
    const task = this.graph.tasks[index];
    assert(task !== undefined, `task ${index} is in the graph`);
    return task;
  }

  setTask(index: number, change: Partial<StoredTask>): void {
    const before = this.task(index);
    const after = { ...before, ...change };
    this.#tasks.set(index, after);
    this.#changed.add(index);
    this.#wakeAt = earlier(this.#wakeAt, nextTaskWake(after));
    if (after.status === before.status) return;
    const isAllowed = TASK_MAY_BECOME[before.status].includes(after.status);
    assert(isAllowed, `a task that is ${before.status} does not become ${after.status}`); // D2
    this.#counts[before.status] -= 1;
    this.#counts[after.status] += 1;
    if (isTaskEnded(after.status)) this.#ended.push(index);
    this.command({ type: 'task_event', task: index, event: after.status });
  }

  /**
   * M1: a task that had succeeded begins a new generation, with a budget of its own. Only its epoch goes on, and the
   * parts of its dataset that are not gone (N7).
   */
  recallTask(index: number, kept?: Pick<StoredTask, 'items' | 'rows'>): void {
    const {
      status,
      epoch,
      generation = 1,
      waitingFor,
      failedUpstream,
      skippedUpstream,
    } = this.task(index);
    assert(status === 'succeeded', `a task that is ${status} is not recalled`);
    const upstream = { waitingFor, failedUpstream, skippedUpstream };
    const again = { ...UNTOUCHED, ...kept, epoch, generation: generation + 1, ...upstream };
    this.#tasks.set(index, again);
    this.#changed.add(index);
    this.#counts[status] -= 1;
    this.#counts[again.status] += 1;
    for (const next of this.graphTask(index).downstream) {
      const waiting = this.task(next);
      this.#tasks.set(next, { ...waiting, waitingFor: waiting.waitingFor + 1 });
    }
    this.command({ type: 'task_recalled', task: index, ...(kept && { isKeptInPart: true }) });
  }

  endTask(index: number, status: TaskStatus, failure?: Failure): void {
    assert(isTaskEnded(status), `${status} is an end`);
    this.setTask(index, {
      status,
      failure,
      endedAt: this.world.now,
      deadlineAt: undefined,
      nextAttemptAt: undefined,
    });
  }

  /** Notes that an upstream task has ended in this way. */
  countUpstream(index: number, status: TaskStatus): void {
    const before = this.task(index);
    this.#tasks.set(index, {
      ...before,
      waitingFor: before.waitingFor - 1,
      failedUpstream: before.failedUpstream + (isTaskFailed(status) ? 1 : 0),
      skippedUpstream: before.skippedUpstream + (status === 'skipped' ? 1 : 0),
    });
  }

  setRun(change: Partial<StoredRun>): void {
    const before = this.#run.status;
    this.#run = { ...this.#run, ...change };
    const after = this.#run.status;
    this.#wakeAt = isRunEnded(after) ? undefined : earlier(this.#wakeAt, nextRunWake(this.#run));
    if (after === before) return;
    const isAllowed = RUN_MAY_BECOME[before].includes(after);
    assert(isAllowed, `a run that is ${before} does not become ${after}`); // D2
    this.command({ type: 'run_event', event: after });
  }

  command(command: Command): void {
    this.#commands.push(command);
  }

  endAttempt(attempt: { task: number; epoch: number }, end: AttemptEnd, failure?: Failure): void {
    const { task, epoch } = attempt;
    this.command({ type: 'attempt_ended', task, epoch, end, ...(failure && { failure }) });
  }

  /** A task that has ended since the last call, if any. */
  takeEnded(): number | undefined {
    return this.#ended.pop();
  }

  /** The commands since the last call. */
  takeCommands(): readonly Command[] {
    const commands = this.#commands;
    this.#commands = [];
    return commands;
  }

  /** Looks at every task. For the input `wake`, which does so anyway. */
  findNextWake(): void {
    this.#wakeAt = earliestWake(this.#run, this.#allTasks());
  }

  finish(): { readonly state: RunState; readonly tasks: readonly number[] } {
    const { tasks: unchanged } = this.#before;
    const tasks = this.#tasks.size === 0 ? unchanged : unchanged.slice();
    for (const [index, task] of this.#tasks) (tasks as TaskState[])[index] = task;
    const head: RunHead = { ...this.#run, counts: this.#counts, wakeAt: this.#wakeAt };
    return {
      state: { ...head, tasks },
      tasks: [...this.#changed].toSorted((a, b) => a - b),
    };
  }

  *#allTasks(): Iterable<TaskState> {
    for (let index = 0; index < this.taskCount; index += 1) yield this.task(index);
  }
}
