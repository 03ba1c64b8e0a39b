// Enough to go back and forth between pages; older ones are asked for again.
const ANSWERS_MAX = 60;

/** The last answers by key, so that going back shows a page at once. */
class KeptAnswers {
  readonly #byKey = new Map<string, unknown>();

  get(key: string): unknown {
    return this.#byKey.get(key);
  }

  clear(): void {
    this.#byKey.clear();
  }

  set(key: string, value: unknown): void {
    this.#byKey.delete(key);
    this.#byKey.set(key, value);
    if (this.#byKey.size <= ANSWERS_MAX) return;
    const [oldest] = this.#byKey.keys();
    if (oldest !== undefined) this.#byKey.delete(oldest);
  }
}

export const keptAnswers = new KeptAnswers();
