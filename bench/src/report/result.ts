import type { Measurement } from '../bench.ts';
import type { Machine } from './machine.ts';

/** What a bench leaves behind; the names of its fields are read by other programs. */
export type BenchResult = Measurement & {
  readonly bench: string;
  /** As git names it; `-dirty` at its end where files differ from it, `unknown` outside of git. */
  readonly commit: string;
  readonly machine: Machine;
};
