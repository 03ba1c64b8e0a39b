/** Counts the streams that are open, so that there are never too many: each holds a socket and a gRPC call. */
export class StreamSlots {
  readonly #max: number;
  #open = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Takes a slot until `release` is called; undefined when none is free. */
  tryTake(): { release(): void } | undefined {
    if (this.#open >= this.#max) return undefined;
    this.#open += 1;
    let isReleased = false;
    const release = () => {
      if (!isReleased) this.#open -= 1;
      isReleased = true;
    };
    return { release };
  }
}
