/** Rows as one transaction sees and changes them: its own changes over what is committed. */
export class Overlay<Row> {
  readonly #base: Map<string, Row>;
  readonly #changed = new Map<string, Row>();

  constructor(base: Map<string, Row>) {
    this.#base = base;
  }

  get(key: string): Row | undefined {
    return this.#changed.get(key) ?? this.#base.get(key);
  }

  set(key: string, row: Row): void {
    this.#changed.set(key, row);
  }

  /** Those that exist, in the order in which they came to be. */
  values(): Row[] {
    const keys = new Set([...this.#base.keys(), ...this.#changed.keys()]);
    return [...keys].map((key) => this.get(key)!);
  }

  /** At the commit. Gives each change with what was before. */
  apply(): { readonly before: Row | undefined; readonly after: Row }[] {
    return [...this.#changed].map(([key, after]) => {
      const before = this.#base.get(key);
      this.#base.set(key, after);
      return { before, after };
    });
  }
}
