/**
 * Decides whether a fault strikes. Every strike has a name that is the same whenever the seed is replayed, so that a
 * replay can leave some of them out: that is how a failure is made small.
 */
import type { Dice } from '../world/dice.ts';
import type { Story } from '../world/story.ts';
import type { FaultKind } from './fault-kinds.ts';

export type Strike = { readonly name: string; readonly at: number };

export type FaultGateOptions = {
  readonly rates: Readonly<Partial<Record<FaultKind, number>>>;
  readonly diceOf: (purpose: string) => Dice;
  readonly story: Story;
  /** Strikes that are left out. */
  readonly spared: ReadonlySet<string>;
};

export class FaultGate {
  readonly strikes: string[] = [];
  readonly #options: FaultGateOptions;
  readonly #dice = new Map<FaultKind, Dice>();
  readonly #counts = new Map<FaultKind, number>();
  readonly #decided = new Map<string, boolean>();
  #isOpen = true;

  constructor(options: FaultGateOptions) {
    this.#options = options;
  }

  /** From now on nothing goes wrong. */
  close(): void {
    this.#isOpen = false;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Throws the dice of the kind. `where` is for the story only. */
  hits(kind: FaultKind, where: string): boolean {
    const rate = this.#options.rates[kind] ?? 0;
    return this.#isOpen && rate > 0 && this.#diceOf(kind).chance(rate) && this.lets(kind, where);
  }

  /** For what goes wrong each time that it is tried, or never: the dice of the kind decide once about each place. */
  alwaysHits(kind: FaultKind, where: string): boolean {
    const rate = this.#options.rates[kind] ?? 0;
    if (!this.#isOpen || rate === 0) return false;
    const key = `${kind} ${where}`;
    const isHit = this.#decided.get(key) ?? this.#diceOf(kind).chance(rate);
    this.#decided.set(key, isHit);
    return isHit && this.lets(kind, where);
  }

  /** For faults that were planned: strikes unless it is spared. */
  lets(kind: FaultKind, where: string): boolean {
    if (!this.#isOpen) return false;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const name = `${kind}#${number}`;
    if (this.#options.spared.has(name)) return false;
    this.strikes.push(name);
    this.#options.story.tell('fault', `${name} ${where}`);
    return true;
  }

  #diceOf(kind: FaultKind): Dice {
    const known = this.#dice.get(kind);
    if (known !== undefined) return known;
    const dice = this.#options.diceOf(`fault ${kind}`);
    this.#dice.set(kind, dice);
    return dice;
  }
}
