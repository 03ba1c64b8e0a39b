/** Counts the streams that are open, so that there are never too many: each holds a socket and a gRPC call. */
export class StreamSlots {
  readonly #max: number;
  readonly #open = new Set<StreamSlot>();
  #isClosed = false;

  constructor(max: number) {
    this.#max = max;
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** Takes a slot until `release` is called; undefined when none is free. */
  tryTake(): StreamSlot | undefined {
    if (this.#isClosed || this.#open.size >= this.#max) return undefined;
    const slot: StreamSlot = {
      onClose: () => undefined,
      release: () => this.#open.delete(slot),
    };
    this.#open.add(slot);
    return slot;
  }

  /** Ends all that are open; from then on none is free. */
  close(): void {
    this.#isClosed = true;
    for (const slot of this.#open) slot.onClose();
  }
}

export type StreamSlot = {
  /** Called when all streams have to end; whoever took the slot sets it. */
  onClose: () => void;
  release(): void;
};
