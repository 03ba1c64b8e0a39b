/**
 * The workers of an executor: each attempt runs in a process of its own that can die, hang or be frozen by itself.
 *
 *   W1. `onEnd` comes once, and only when nothing of the work can act any more.
 *   W2. The workers of an executor that died end a moment after it: they notice that it is gone.
 */
import type {
  Capacity,
  Lane,
  Lease,
  RunningWork,
  StopReason,
  WorkEnd,
  WorkListener,
  Worker,
} from '@floe/execution';
import type { ExecutorSpec } from '../scenario/scenario.ts';
import { Process } from '../world/process.ts';
import { AttemptWork, died, type HeardOfWork } from './attempt-work.ts';
import type { SimulatedTask } from './simulated-task.ts';
import type { World } from './world.ts';

// From the signal to the end of the process and of its statements.
const KILL_MS = [1, 20] as const;
const ORPHAN_MS = 1_500;

export class SimulatedWorker implements Worker<SimulatedTask> {
  readonly #world: World;
  readonly #executor: Process;
  readonly #used: Record<Lane, number> = { slot: 0, light: 0 };
  readonly #spec: ExecutorSpec;
  readonly #running = new Map<Process, SimulatedTask>();
  #count = 0;

  constructor(world: World, executor: Process, spec: ExecutorSpec) {
    this.#world = world;
    this.#executor = executor;
    this.#spec = spec;
    executor.onDeath(() => this.#endOrphans());
  }

  get free(): Capacity {
    const { slots, light } = this.#spec;
    // What was given twice over because an answer was lost is run all the same.
    const left = (room: number, used: number): number => Math.max(0, room - used);
    return { slot: left(slots, this.#used.slot), light: left(light, this.#used.light) };
  }

  /** The processes of the work that runs now. */
  get processes(): Iterable<Process> {
    return this.#running.keys();
  }

  get running(): Iterable<readonly [Process, SimulatedTask]> {
    return this.#running;
  }

  onRoom(): void {
    // Room comes by the end of work only: a worker that died is replaced within the same instant.
  }

  run(lease: Lease<SimulatedTask>, listener: WorkListener): RunningWork {
    const { time, story } = this.#world;
    const { lane, work } = lease;
    this.#used[lane] += 1;
    this.#count += 1;
    const process = new Process(`${this.#executor.name}/worker-${this.#count}`, time);
    this.#running.set(process, work);
    story.tell(process.name, `begins ${work.runId}/${work.taskId} epoch ${work.epoch}`);
    let isEnded = false;
    const end = (how: WorkEnd) => {
      if (isEnded) return;
      isEnded = true;
      this.#world.workEnds.set(`${work.runId}/${work.taskId}/${work.epoch}`, how.kind);
      process.kill();
      this.#running.delete(process);
      this.#executor.deliver(() => {
        this.#used[lane] -= 1;
        story.tell(process.name, `${work.runId}/${work.taskId} epoch ${work.epoch} ${how.kind}`);
        listener.onEnd(how);
      });
    };
    const attempt = new AttemptWork(this.#world, process, {
      work,
      listener: this.#within(listener),
    });
    time.after(1, () => attempt.begin(end));
    return {
      stop: (reason) => this.#stop(process, reason, end),
      conclude: (outcome) => outcome,
      settle: () => {},
    };
  }

  #within(listener: WorkListener): HeardOfWork {
    return {
      onProgress: (progress) => this.#executor.deliver(() => listener.onProgress(progress)),
      onMemoryExceeded: (use) => this.#executor.deliver(() => listener.onMemoryExceeded(use)),
    };
  }

  #stop(process: Process, reason: StopReason, end: (how: WorkEnd) => void): void {
    const { time, diceOf } = this.#world;
    process.kill();
    time.after(diceOf('kill').int(...KILL_MS), () => end(died(`stopped: ${reason.kind}`)));
  }

  /** W2 */
  #endOrphans(): void {
    const { time, diceOf } = this.#world;
    for (const process of this.#running.keys())
      time.after(diceOf('kill').int(0, ORPHAN_MS), () => process.kill());
  }
}
