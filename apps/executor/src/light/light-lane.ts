import type { Lease, RunningWork, WorkListener } from '@floe/execution';
import type { AttemptLease } from '@floe/rpc/internal-contracts';
import type { AttemptDependencies } from '../attempt/attempt-dependencies.ts';
import { LightWork } from './light-work.ts';
import { VoidWork } from './void-work.ts';

/** Runs light tasks in this process, many at once, and rules out loads. */
export class LightLane {
  readonly size: number;
  readonly #deps: AttemptDependencies;
  readonly #stopping = new AbortController();
  #busy = 0;

  constructor(size: number, deps: AttemptDependencies) {
    this.size = size;
    this.#deps = deps;
  }

  get busy(): number {
    return this.#busy;
  }

  get free(): number {
    return Math.max(0, this.size - this.#busy);
  }

  run(lease: Lease<AttemptLease>, listener: WorkListener): RunningWork {
    this.#busy += 1;
    const counted: WorkListener = {
      ...listener,
      onEnd: (end) => {
        this.#busy -= 1;
        listener.onEnd(end);
      },
    };
    const work =
      lease.work.task?.voidLoad === undefined
        ? new LightWork(this.#deps, lease, counted)
        : new VoidWork(this.#deps, lease, { listener: counted, stopping: this.#stopping.signal });
    work.start();
    return work;
  }

  /** Ends what goes on after its attempt. */
  stop(): void {
    this.#stopping.abort();
  }
}
