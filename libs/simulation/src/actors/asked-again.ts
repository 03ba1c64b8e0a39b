/** What executors have heard of what they asked for, and since when nothing has kept them from asking. */
export class AskedAgain {
  /** Hashes of the tokens whose answer came, or under which was asked a second time. */
  readonly #known = new Set<string>();
  readonly #freeSince = new Map<string, number>();

  note(tokenHash: string): void {
    this.#known.add(tokenHash);
  }

  noteStart(executorId: string, at: number): void {
    this.#freeSince.set(executorId, at);
  }

  /** It was frozen, cut off or killed: nothing is said of it any more. */
  noteTrouble(executorId: string): void {
    this.#freeSince.set(executorId, Infinity);
  }

  isKnown(tokenHash: string): boolean {
    return this.#known.has(tokenHash);
  }

  freeSince(executorId: string): number {
    return this.#freeSince.get(executorId) ?? Infinity;
  }
}
