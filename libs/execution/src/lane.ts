/** How a task type runs: `slot` in a warm worker process, `light` in the executor's own process, many at once. */
export type Lane = 'slot' | 'light';

export const LANES: readonly Lane[] = ['slot', 'light'];

/** How many attempts of each lane can begin at once. */
export type Capacity = Readonly<Record<Lane, number>>;

export const NO_CAPACITY: Capacity = { slot: 0, light: 0 };

/** What is left of a capacity when others hold some of it. */
export function withoutHeld(capacity: Capacity, held: Capacity): Capacity {
  return {
    slot: Math.max(0, capacity.slot - held.slot),
    light: Math.max(0, capacity.light - held.light),
  };
}

export function hasRoom(capacity: Capacity): boolean {
  return LANES.some((lane) => capacity[lane] > 0);
}
