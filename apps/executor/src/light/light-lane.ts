import type { Lease, RunningWork, WorkListener } from '@floe/execution';
import type { AttemptLease } from '@floe/rpc/internal-contracts';
import type { AttemptDependencies } from '../attempt/attempt-dependencies.ts';
import { LightWork } from './light-work.ts';

/** Runs light tasks in this process, many at once. */
export class LightLane {
  readonly size: number;
  readonly #deps: AttemptDependencies;
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
    const work = new LightWork(this.#deps, lease, {
      ...listener,
      onEnd: (end) => {
        this.#busy -= 1;
        listener.onEnd(end);
      },
    });
    work.start();
    return work;
  }
}
