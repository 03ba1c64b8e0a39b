/**
 * Time that passes only when everything at the present instant is done.
 *
 *   T1. What is due first happens first; what is due at the same instant happens in the order in which it was asked for.
 *   T2. After each happening all promises that it settled have run their course before the next one begins.
 *   T3. Nothing else moves the world: no timer, no I/O, no clock of the machine.
 */

type Moment = { readonly at: number; readonly order: number };

export class Happening {
  readonly at: number;
  readonly order: number;
  #run: (() => void) | undefined;
  readonly #onCalledOff: () => void;

  constructor({ at, order }: Moment, run: () => void, onCalledOff: () => void) {
    this.at = at;
    this.order = order;
    this.#run = run;
    this.#onCalledOff = onCalledOff;
  }

  /** It will not happen. What it would have done is forgotten at once: most timers are deadlines that do not come. */
  callOff(): void {
    if (this.#run === undefined) return;
    this.#run = undefined;
    this.#onCalledOff();
  }

  /** False when it was called off. */
  get isOn(): boolean {
    return this.#run !== undefined;
  }

  happen(): void {
    const run = this.#run;
    this.#run = undefined;
    run?.();
  }
}

// A heap of fewer is searched as fast as it is cleaned.
const CLEANED_FROM = 64;

export class VirtualTime {
  #heap: Happening[] = [];
  /** How many in the heap were called off. */
  #calledOff = 0;
  #now = 0;
  #order = 0;
  #count = 0;

  /** Milliseconds since the world began. */
  get now(): number {
    return this.#now;
  }

  /** How many things have happened. */
  get count(): number {
    return this.#count;
  }

  /** Lets it happen after so many whole milliseconds, as timers do; what is returned calls it off. */
  after(ms: number, run: () => void): Happening {
    this.#order += 1;
    const moment = { at: this.#now + Math.max(0, Math.ceil(ms)), order: this.#order };
    const happening = new Happening(moment, run, this.#onCalledOff);
    push(this.#heap, happening);
    return happening;
  }

  /** What was called off leaves when it is most of the heap, so that each costs its share once. */
  readonly #onCalledOff = (): void => {
    this.#calledOff += 1;
    if (this.#heap.length < CLEANED_FROM || 2 * this.#calledOff < this.#heap.length) return;
    const left = this.#heap.filter(({ isOn }) => isOn);
    this.#heap = [];
    for (const happening of left) push(this.#heap, happening);
    this.#calledOff = 0;
  };

  /** Goes on until `isDone` or until nothing is left to happen. `onThrown` hears of errors of what happens. */
  async run(isDone: () => boolean, onThrown: (error: unknown) => void = rethrow): Promise<void> {
    while (!isDone()) {
      const next = pop(this.#heap);
      if (next === undefined) return;
      if (!next.isOn) {
        this.#calledOff -= 1;
        continue;
      }
      this.#now = next.at;
      this.#count += 1;
      try {
        next.happen();
      } catch (error) {
        onThrown(error);
      }
      await promisesToSettle(); // T2
    }
  }
}

function rethrow(error: unknown): never {
  throw error;
}

/**
 * Until the queue of microtasks is empty, however many each of them adds: Node.js goes on with the next tick only then
 * (documentation of `process.nextTick`). A turn of the event loop would do the same and ask the kernel for news each time.
 */
export function promisesToSettle(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}

function isBefore(left: Happening, right: Happening): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order);
}

/** A binary heap in an array: the parent of `index` is at `(index - 1) / 2`. */
function push(heap: Happening[], added: Happening): void {
  let index = heap.length;
  heap.push(added);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent]!;
    if (!isBefore(added, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = added;
}

function pop(heap: Happening[]): Happening | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  sink(heap, last);
  return first;
}

function sink(heap: Happening[], moved: Happening): void {
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
    if (!isBefore(heap[child]!, moved)) break;
    heap[index] = heap[child]!;
    index = child;
  }
  heap[index] = moved;
}
