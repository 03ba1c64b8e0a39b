import type { Command, Decision, World } from './input.ts';
import {
  isTaskEnded,
  type AttemptEnd,
  type Cancel,
  type Failure,
  type RunGraph,
  type RunState,
  type RunStatus,
  type TaskState,
} from './state.ts';
import { assert } from '@floe/errors';

/**
 * One decision being made: the state before, what changed so far, and the commands in order. The state before is
 * never touched.
 */
export class Draft {
  readonly graph: RunGraph;
  readonly world: World;
  readonly #before: RunState;
  readonly #tasks = new Map<number, TaskState>();
  readonly #commands: Command[] = [];
  #run: Omit<RunState, 'tasks'>;

  constructor(graph: RunGraph, before: RunState, world: World) {
    assert(graph.tasks.length === before.tasks.length, 'state and graph have the same tasks');
    this.graph = graph;
    this.world = world;
    this.#before = before;
    this.#run = before;
  }

  get run(): Omit<RunState, 'tasks'> {
    return this.#run;
  }

  get taskCount(): number {
    return this.graph.tasks.length;
  }

  task(index: number): TaskState {
    const task = this.#tasks.get(index) ?? this.#before.tasks[index];
    assert(task !== undefined, `task ${index} exists`);
    return task;
  }

  setTask(index: number, change: Partial<TaskState>): void {
    const before = this.task(index);
    assert(
      !isTaskEnded(before.status) || change.status === undefined || change.status === before.status,
      `task ${index} has ended`,
    );
    const after = { ...before, ...change };
    this.#tasks.set(index, after);
    if (after.status !== before.status)
      this.command({ type: 'task_event', task: index, event: after.status });
  }

  setRun(change: Partial<Omit<RunState, 'tasks'>>): void {
    const before = this.#run.status;
    this.#run = { ...this.#run, ...change };
    if (this.#run.status !== before) this.command({ type: 'run_event', event: this.#run.status });
  }

  command(command: Command): void {
    this.#commands.push(command);
  }

  endAttempt(index: number, end: AttemptEnd, failure?: Failure): void {
    const { epoch } = this.task(index);
    this.command({ type: 'attempt_ended', task: index, epoch, end, ...(failure && { failure }) });
  }

  cancel(cancel: Cancel, status: RunStatus): void {
    this.setRun({ cancel, status });
  }

  finish(): Decision {
    const tasks = this.#before.tasks.slice();
    for (const [index, task] of this.#tasks) tasks[index] = task;
    return {
      kind: 'changed',
      state: { ...this.#run, tasks },
      tasks: [...this.#tasks.keys()].sort((a, b) => a - b),
      commands: this.#commands,
    };
  }
}
