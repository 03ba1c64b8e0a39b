/** Wakes one waiter. A ring while nobody waits is kept for the next wait; rings after the first are the same ring. */
export class Bell {
  #hasRung = false;
  #finishWait: () => void = () => undefined;

  ring(): void {
    this.#hasRung = true;
    this.#finishWait();
  }

  async wait(): Promise<void> {
    if (!this.#hasRung) {
      await new Promise<void>((resolve) => {
        this.#finishWait = resolve;
      });
    }
    this.#hasRung = false;
  }
}
