/**
 * The streams that are open: counted, so that there are never too many, for each holds a socket and a gRPC call; and ended
 * when whoever holds one may no longer have it, for a token can be revoked or expire under a stream that is open for days.
 */
export class StreamSlots {
  readonly #max: number;
  readonly #open = new Map<StreamSlot, StreamHolder>();
  #isClosed = false;

  constructor(max: number) {
    this.#max = max;
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** Takes a slot until `release` is called; undefined when none is free. */
  tryTake(holder: StreamHolder): StreamSlot | undefined {
    if (this.#isClosed || this.#open.size >= this.#max) return undefined;
    const slot: StreamSlot = {
      onClose: () => undefined,
      release: () => this.#open.delete(slot),
    };
    this.#open.set(slot, holder);
    return slot;
  }

  /** Breaks off the streams of those who may not stay: they hear why when they come again. */
  async review(mayStay: (holder: StreamHolder) => Promise<boolean>): Promise<void> {
    for (const [slot, holder] of this.#open) {
      if (!(await mayStay(holder))) slot.onClose();
    }
  }

  /** Ends all that are open; from then on none is free. */
  close(): void {
    this.#isClosed = true;
    for (const slot of this.#open.keys()) slot.onClose();
  }
}

/** Who has opened a stream, as the request said. */
export type StreamHolder = {
  readonly authorization: string | undefined;
  readonly address: string;
};

export type StreamSlot = {
  /** Called when the stream has to end; whoever took the slot sets it. */
  onClose: () => void;
  release(): void;
};
