import { createHash } from 'node:crypto';
import type { VirtualTime } from './virtual-time.ts';

export type StoryLine = { readonly at: number; readonly who: string; readonly what: string };

/** What happened in a world, in order. Nothing is kept unless somebody wants to read it; reading changes nothing. */
export class Story {
  readonly lines: StoryLine[] = [];
  readonly isKept: boolean;
  readonly #time: VirtualTime;

  constructor(time: VirtualTime, isKept: boolean) {
    this.#time = time;
    this.isKept = isKept;
  }

  tell(who: string, what: string): void {
    if (this.isKept) this.lines.push({ at: this.#time.now, who, what });
  }

  /** SHA-256 of all lines: the same seed gives the same one, byte for byte. */
  digest(): string {
    const hash = createHash('sha256');
    for (const { at, who, what } of this.lines) hash.update(`${at} ${who} ${what}\n`);
    return hash.digest('hex');
  }
}
