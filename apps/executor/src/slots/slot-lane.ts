/**
 * All slots of an executor.
 *
 *   L1. As many attempts are free to come as warm workers wait.
 *   L2. An attempt that comes when no slot is free any more, because a worker died in between, waits for the next.
 *   L3. What attempts have made is shown to people by slots that have nothing else to do, and after a moment by any.
 */
import type { Lease, RunningWork, WorkListener } from '@floe/execution';
import type { AttemptLease } from '@floe/rpc/internal-contracts';
import type { AttemptDependencies } from '../attempt/attempt-dependencies.ts';
import { SYSTEM_CLOCK } from '../system-clock.ts';
import { openMemoryGroups } from './memory-groups.ts';
import { PreviewQueue } from './preview-queue.ts';
import { Slot } from './slot.ts';
import { SlotWork } from './slot-work.ts';

export class SlotLane {
  readonly #deps: AttemptDependencies;
  readonly #slots: readonly Slot[];
  readonly #waiting: SlotWork[] = [];
  // L3
  readonly #previews = new PreviewQueue(SYSTEM_CLOCK, () =>
    this.#slots.find((slot) => slot.isFree)?.look(),
  );
  #onRoom: () => void = () => {};

  constructor(size: number, deps: AttemptDependencies) {
    this.#deps = deps;
    const memoryGroups = openMemoryGroups();
    this.#slots = Array.from({ length: size }, (_, index) => {
      const takeWaiting = () => this.#takeWaiting();
      const putBack = (work: SlotWork) => void this.#waiting.unshift(work);
      const onRoom = () => this.#onRoom();
      const previews = this.#previews;
      return new Slot({
        index,
        log: deps.log,
        memoryGroups,
        previews,
        takeWaiting,
        putBack,
        onRoom,
      });
    });
  }

  start(onRoom: () => void): void {
    this.#onRoom = onRoom;
    for (const slot of this.#slots) slot.start();
  }

  get slots(): readonly Slot[] {
    return this.#slots;
  }

  get busy(): number {
    return this.#slots.filter((slot) => slot.work !== undefined).length;
  }

  /** L1 */
  get free(): number {
    return this.#slots.filter((slot) => slot.isFree).length;
  }

  run(lease: Lease<AttemptLease>, listener: WorkListener): RunningWork {
    const work = new SlotWork(this.#deps, lease, listener);
    const slot = this.#slots.find((each) => each.isFree);
    // L2
    if (slot === undefined) this.#waiting.push(work);
    else slot.begin(work);
    return work;
  }

  /** Ends all workers. */
  async stop(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.end()));
  }

  #takeWaiting(): SlotWork | undefined {
    for (;;) {
      const work = this.#waiting.shift();
      if (work === undefined || work.isWaiting) return work;
    }
  }
}
