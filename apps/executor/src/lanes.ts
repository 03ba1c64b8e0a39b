import type { Lease, RunningWork, WorkListener, Worker } from '@floe/execution';
import type { AttemptLease } from '@floe/rpc/internal-contracts';
import type { LightLane } from './light/light-lane.ts';
import type { SlotLane } from './slots/slot-lane.ts';

/** What runs attempts here: warm worker processes, and light tasks in this process. */
export class Lanes implements Worker<AttemptLease> {
  readonly slot: SlotLane;
  readonly light: LightLane;

  constructor(slot: SlotLane, light: LightLane) {
    this.slot = slot;
    this.light = light;
  }

  get free() {
    return { slot: this.slot.free, light: this.light.free };
  }

  onRoom(listener: () => void): void {
    this.slot.start(listener);
  }

  run(lease: Lease<AttemptLease>, listener: WorkListener): RunningWork {
    return this[lease.lane].run(lease, listener);
  }
}
