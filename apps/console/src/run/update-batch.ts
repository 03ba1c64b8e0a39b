import type { RunUpdate } from '@floe/client';

// A change is on the screen well within the time in which it looks immediate; thousands of them cost a few drawings.
const FLUSH_MS = 50;

/** Hands on what comes close together in one piece, the first of it at once. */
export class UpdateBatch {
  readonly #tell: (updates: readonly RunUpdate[]) => void;
  #updates: RunUpdate[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (updates: readonly RunUpdate[]) => void) {
    this.#tell = tell;
  }

  add(update: RunUpdate): void {
    this.#updates.push(update);
    if (this.#timer !== undefined) return;
    this.flush();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, FLUSH_MS);
  }

  flush(): void {
    if (this.#updates.length === 0) return;
    const updates = this.#updates;
    this.#updates = [];
    this.#tell(updates);
  }
}
