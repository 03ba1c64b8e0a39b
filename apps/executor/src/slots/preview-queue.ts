/**
 * Datasets of attempts that have ended, of which people have not been shown anything yet.
 *
 *   Q1. Each waits for a moment first. What comes next in its run needs the machine and the slot now, and nobody has opened
 *       a page of it yet.
 *   Q2. Slots take what is due before their next attempt, so that attempts that never stop coming do not hold it up.
 *   Q3. What waits is bounded: where too many do, the oldest is due at once.
 */
import type { Clock } from '@floe/execution';
import type { TaskArtifact } from '@floe/tasks/light';
import type { ShownDataset } from '../worker/messages.ts';

export type Preview = {
  readonly dataset: ShownDataset;
  /** False once the outcome that names the dataset was refused. */
  readonly isWanted: () => boolean;
  readonly onMade: (artifact: TaskArtifact) => void;
};

// Most tasks follow each other faster; a person who waits for it does not notice.
const REST_MS = 1_000;
// Each is a few hundred bytes; slots that fall behind so far have to catch up first.
const WAITING_MAX = 256;

type Waiting = { readonly preview: Preview; readonly dueAtMs: number };

export class PreviewQueue {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  readonly #waiting: Waiting[] = [];
  #forgetTimer: (() => void) | undefined;

  /** `onDue` is told when one has become due; slots that are busy look by themselves afterwards. */
  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  add(preview: Preview): void {
    this.#waiting.push({ preview, dueAtMs: this.#clock.nowMs() + REST_MS });
    this.#setTimer();
  }

  /** The oldest, if it is due. */
  takeDue(): Preview | undefined {
    const [oldest] = this.#waiting;
    if (oldest === undefined) return undefined;
    const isDue = oldest.dueAtMs <= this.#clock.nowMs() || this.#waiting.length > WAITING_MAX;
    if (isDue) return this.takeAny();
    // A timer that came a little early has told of it, and would not again.
    this.#setTimer();
    return undefined;
  }

  /** The oldest, due or not. */
  takeAny(): Preview | undefined {
    const taken = this.#waiting.shift();
    this.#setTimer();
    return taken?.preview;
  }

  /** For the oldest; only one runs. */
  #setTimer(): void {
    this.#forgetTimer?.();
    this.#forgetTimer = undefined;
    const [oldest] = this.#waiting;
    if (oldest === undefined) return;
    const ms = oldest.dueAtMs - this.#clock.nowMs();
    // One that is due already was told of: a slot takes it as soon as one is free.
    if (ms > 0) this.#forgetTimer = this.#clock.after(ms, this.#onDue);
  }
}
