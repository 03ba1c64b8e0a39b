/**
 * Locks of rows, each held by one transaction until it ends. Who waits gets them in the order of asking.
 */
export type LockOwner = object;

type Waiter = { readonly owner: LockOwner; readonly granted: () => void };

type Lock = { owner: LockOwner; readonly waiters: Waiter[] };

export class RowLocks {
  readonly #isOn: boolean;
  readonly #locks = new Map<string, Lock>();
  /** Which lock an owner waits for: one at a time. */
  readonly #waits = new Map<LockOwner, Lock>();

  /** `isOn` false: everybody gets every lock. */
  constructor(isOn = true) {
    this.#isOn = isOn;
  }

  /** True when the owner has the lock now; otherwise `granted` is called once it does. */
  take(row: string, owner: LockOwner, granted: () => void): boolean {
    const lock = this.#locks.get(row);
    if (lock === undefined) this.#locks.set(row, { owner, waiters: [] });
    if (lock === undefined || lock.owner === owner || !this.#isOn) return true;
    lock.waiters.push({ owner, granted });
    this.#waits.set(owner, lock);
    return false;
  }

  /** `skip locked`: takes the lock only when nobody else has it. */
  tryTake(row: string, owner: LockOwner): boolean {
    const lock = this.#locks.get(row);
    if (lock === undefined) this.#locks.set(row, { owner, waiters: [] });
    return lock === undefined || lock.owner === owner || !this.#isOn;
  }

  /** Whether the owner waits for somebody who waits, over any number of others, for it. */
  isDeadlocked(owner: LockOwner): boolean {
    const seen = new Set<LockOwner>();
    let next = this.#waits.get(owner)?.owner;
    while (next !== undefined && !seen.has(next)) {
      if (next === owner) return true;
      seen.add(next);
      next = this.#waits.get(next)?.owner;
    }
    return false;
  }

  /** Gives back all locks of the owner, and its places in the queues. */
  release(owner: LockOwner): void {
    this.#waits.delete(owner);
    for (const [row, lock] of this.#locks) {
      const place = lock.waiters.findIndex((waiter) => waiter.owner === owner);
      if (place >= 0) lock.waiters.splice(place, 1);
      if (lock.owner === owner) this.#pass(row, lock);
    }
  }

  #pass(row: string, lock: Lock): void {
    const next = lock.waiters.shift();
    if (next === undefined) {
      this.#locks.delete(row);
      return;
    }
    lock.owner = next.owner;
    this.#waits.delete(next.owner);
    next.granted();
  }
}
