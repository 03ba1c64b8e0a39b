/**
 * A process of the virtual world: whatever reaches the code that runs in it goes through here.
 *
 *   P1. A dead process hears nothing any more, for ever: its promises stay open and its timers do not come.
 *   P2. A paused process hears nothing until it goes on; then it hears everything that came meanwhile, in order.
 *   P3. A process never comes back to life: a restart is another process of the same name.
 */
import type { VirtualTime } from './virtual-time.ts';

// A pause costs work at most this much that it did meanwhile.
const STEP_MS = 1_000;

export type ProcessState = 'running' | 'paused' | 'dead';

export class Process {
  readonly name: string;
  readonly #time: VirtualTime;
  #state: ProcessState = 'running';
  #missed: (() => void)[] = [];
  readonly #onDeath: (() => void)[] = [];
  readonly #onPause: (() => void)[] = [];

  constructor(name: string, time: VirtualTime) {
    this.name = name;
    this.#time = time;
  }

  get state(): ProcessState {
    return this.#state;
  }

  get isDead(): boolean {
    return this.#state === 'dead';
  }

  /** Lets the code in it hear of something now, or when it goes on, or never. */
  deliver(hear: () => void): void {
    if (this.#state === 'running') hear();
    else if (this.#state === 'paused') this.#missed.push(hear);
  }

  /** A timer of the code in it. */
  after(ms: number, callback: () => void): () => void {
    let isForgotten = false;
    const happening = this.#time.after(ms, () => {
      this.deliver(() => {
        if (!isForgotten) callback();
      });
    });
    return () => {
      isForgotten = true;
      happening.callOff();
    };
  }

  /** Work that takes so much of its own time: while it is frozen it does not get on. */
  async work(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS)
      await new Promise<void>((resolve) => void this.after(Math.min(STEP_MS, left), resolve));
  }

  kill(): void {
    if (this.#state === 'dead') return;
    this.#state = 'dead';
    this.#missed = [];
    for (const hear of this.#onDeath) hear();
  }

  pause(): void {
    if (this.#state !== 'running') return;
    this.#state = 'paused';
    for (const hear of this.#onPause) hear();
  }

  /** P2: each in an instant of its own, before anything that comes later. */
  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    const missed = this.#missed;
    this.#missed = [];
    for (const hear of missed) this.#time.after(0, () => this.deliver(hear));
  }

  /** The world hears of its death, not the code in it. */
  onDeath(hear: () => void): void {
    this.#onDeath.push(hear);
  }

  onPause(hear: () => void): void {
    this.#onPause.push(hear);
  }
}
