/**
 * The places of keys, as one transaction sees and changes them while it holds the locks of their keys.
 */
import type { PlaceVerdict, PlaceWish } from '@floe/scheduling';
import type { PlaceRow, Tables } from './tables.ts';

export class PlaceView {
  readonly #tables: Tables;
  readonly #changed = new Map<string, PlaceRow>();
  readonly #freed = new Set<string>();

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** All wishes are judged by the order as it was before any of them had its place. */
  take(wishes: readonly PlaceWish[]): ReadonlyMap<string, PlaceVerdict> {
    for (const { runId, key } of wishes) this.#ask(runId, key);
    const lucky = wishes.filter(({ runId, key, limit }) => {
      return this.#rowsOf(key).findIndex((row) => row.runId === runId) < limit;
    });
    const taken = new Set(lucky.map(({ runId }) => runId));
    for (const runId of taken) this.#changed.set(runId, { ...this.#row(runId)!, isTaken: true });
    return new Map(
      wishes.map(({ runId, key }) => {
        const ofKey = this.#rowsOf(key).map((row) => row.runId);
        const before = ofKey.slice(0, ofKey.indexOf(runId));
        return [runId, { isTaken: taken.has(runId), before }];
      }),
    );
  }

  free(runIds: readonly string[]): void {
    for (const runId of runIds) {
      this.#changed.delete(runId);
      this.#freed.add(runId);
    }
  }

  /** At the commit. */
  apply(): void {
    for (const runId of this.#freed) this.#tables.places.delete(runId);
    for (const row of this.#changed.values()) this.#tables.places.set(row.runId, row);
  }

  #ask(runId: string, key: string): void {
    if (this.#row(runId) !== undefined) return;
    const position = this.#tables.nextPosition();
    this.#changed.set(runId, { runId, key, isTaken: false, position });
  }

  #row(runId: string): PlaceRow | undefined {
    const stored = this.#freed.has(runId) ? undefined : this.#tables.places.get(runId);
    return this.#changed.get(runId) ?? stored;
  }

  /** Who has a place stands before who has none, each in the order of asking. */
  #rowsOf(key: string): PlaceRow[] {
    const runIds = new Set([...this.#tables.places.keys(), ...this.#changed.keys()]);
    const rows = [...runIds].flatMap((runId) => this.#row(runId) ?? []);
    return rows.filter((row) => row.key === key).toSorted(byTurn);
  }
}

function byTurn(left: PlaceRow, right: PlaceRow): number {
  return Number(right.isTaken) - Number(left.isTaken) || left.position - right.position;
}
