/** Snapshots of a database that partitions read, each open as long as the session that exported it. */
export class Snapshots {
  readonly #open = new Set<string>();
  readonly #read = new Map<string, string>();

  open(snapshot: string): void {
    this.#open.add(snapshot);
  }

  close(snapshot: string): void {
    this.#open.delete(snapshot);
  }

  isOpen(snapshot: string): boolean {
    return this.#open.has(snapshot);
  }

  /** An attempt, `run/task/epoch`, reads it from now on, also when it is closed later. False when it is not open. */
  join(attempt: string, snapshot: string): boolean {
    if (!this.#open.has(snapshot)) return false;
    this.#read.set(attempt, snapshot);
    return true;
  }

  /** What an attempt has read; undefined when it has read nothing. */
  readBy(attempt: string): string | undefined {
    return this.#read.get(attempt);
  }
}
