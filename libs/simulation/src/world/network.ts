/**
 * Who can reach whom. A cut is without a word to either side; what is sent into it is sent again, as TCP does, and
 * arrives when the cut is mended, or never.
 */
import type { VirtualTime } from './virtual-time.ts';

// How often what was not acknowledged is sent again, and for how long.
const AGAIN_MS = 1_000;
const GIVES_UP_MS = 15_000;

export class Network {
  readonly #time: VirtualTime;
  readonly #cut = new Set<string>();

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  cut(node: string): void {
    this.#cut.add(node);
  }

  mend(node: string): void {
    this.#cut.delete(node);
  }

  isOpen(from: string, to: string): boolean {
    return this.#cut.size === 0 || !(this.#cut.has(nodeOf(from)) || this.#cut.has(nodeOf(to)));
  }

  /** Lets it arrive as soon as the way is open; after too long `lost` is called instead. */
  carry(way: Way, arrive: () => void, lost: () => void = () => {}): void {
    if (this.isOpen(way.from, way.to)) return arrive();
    const givesUpAt = this.#time.now + GIVES_UP_MS;
    const again = () => {
      if (this.isOpen(way.from, way.to)) arrive();
      else if (this.#time.now >= givesUpAt) lost();
      else this.#time.after(AGAIN_MS, again);
    };
    this.#time.after(AGAIN_MS, again);
  }
}

export type Way = { readonly from: string; readonly to: string };

/** A worker is on the machine of its executor: `executor-1/worker-3`. */
function nodeOf(name: string): string {
  const end = name.indexOf('/');
  return end < 0 ? name : name.slice(0, end);
}
