/**
 * A run that is being changed by one or more inputs: the state before, what changed so far, and the commands of the
 * present input. The state before is never touched.
 *
 *   D1. Counts by state and the next wake are kept up with each change: no change looks at all tasks.
 *   D2. A task whose state has ended is never set to another.
 *   D3. `changed` has the tasks of which something is kept that changed; what follows from the graph does not count.
 */
import { assert } from '@floe/errors';
import type { GraphTask, RunGraph } from './graph.ts';
import type { Command, World } from './input.ts';
import {
  earliestWake,
  type AttemptEnd,
  type EpochMs,
  type Failure,
  type RunHead,
  type RunState,
  type StoredRun,
  type StoredTask,
  type TaskState,
} from './state.ts';
import { isRunEnded, isTaskEnded, type StatusCounts, type TaskStatus } from './status.ts';
import { nextRunWake, nextTaskWake } from './wake-at.ts';

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
    this.#wakeBy(nextTaskWake(after));
    if (after.status === before.status) return;
    assert(!isTaskEnded(before.status), `task ${index} has ended`); // D2
    this.#counts[before.status] -= 1;
    this.#counts[after.status] += 1;
    this.command({ type: 'task_event', task: index, event: after.status });
  }

  /** Notes that an upstream task has ended. Returns how many it still waits for. */
  countUpstream(index: number): number {
    const before = this.task(index);
    const waitingFor = before.waitingFor - 1;
    this.#tasks.set(index, { ...before, waitingFor });
    return waitingFor;
  }

  setRun(change: Partial<StoredRun>): void {
    const before = this.#run.status;
    this.#run = { ...this.#run, ...change };
    this.#wakeBy(nextRunWake(this.#run));
    if (this.#run.status === before) return;
    if (isRunEnded(this.#run.status)) this.#wakeAt = undefined;
    this.command({ type: 'run_event', event: this.#run.status });
  }

  command(command: Command): void {
    this.#commands.push(command);
  }

  endAttempt(index: number, end: AttemptEnd, failure?: Failure): void {
    const { epoch } = this.task(index);
    this.command({ type: 'attempt_ended', task: index, epoch, end, ...(failure && { failure }) });
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

  /** D1 */
  #wakeBy(due: EpochMs | undefined): void {
    if (due !== undefined && (this.#wakeAt === undefined || due < this.#wakeAt)) this.#wakeAt = due;
  }
}
