/** How a task type runs: `slot` in a warm worker process, `light` in the executor's own process, many at once. */
export type Lane = 'slot' | 'light';

export const LANES: readonly Lane[] = ['slot', 'light'];

/** How many attempts of each lane can begin at once. */
export type Capacity = Readonly<Record<Lane, number>>;

export const NO_CAPACITY: Capacity = { slot: 0, light: 0 };

export function hasRoom(capacity: Capacity): boolean {
  return LANES.some((lane) => capacity[lane] > 0);
}
