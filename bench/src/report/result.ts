import type { Measurement } from '../bench.ts';
import type { Machine } from './machine.ts';

/** What a bench leaves behind; the names of its fields are read by other programs. */
export type BenchResult = Measurement & {
  readonly bench: string;
  /** As git names it; `-dirty` at its end where files differ from it, `unknown` outside of git. */
  readonly commit: string;
  /** When it ended, in UTC, and how many processes wanted to run in the minute before it began. */
  readonly measured_at: string;
  readonly load_before: number;
  readonly machine: Machine;
};
