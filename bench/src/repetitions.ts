import type { BenchOptions } from './bench.ts';

export type Repetitions = {
  readonly times: number;
  /** Told and not counted: they bring tables into memory and workers to life. */
  readonly warmUps: number;
};

/** Of more rows than these a single turn takes minutes, and the start of anything in it is lost in them. */
const LARGE_ROWS = 5_000_000;

export function repetitionsOf(
  rows: number,
  { isQuick }: Pick<BenchOptions, 'isQuick'>,
  { times, quick }: { readonly times: number; readonly quick: number },
): Repetitions {
  if (rows > LARGE_ROWS) return { times: 1, warmUps: 0 };
  return { times: isQuick ? quick : times, warmUps: 1 };
}
