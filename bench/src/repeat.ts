import type { BenchOptions } from './bench.ts';
import { rounded } from './statistics.ts';

export type RepeatOptions = BenchOptions & {
  readonly title: string;
  readonly unit: string;
  readonly times: number;
};

/** Measures one after the other, tells each value, and stops between two when it is interrupted. */
export async function repeat(
  measure: () => Promise<number>,
  { title, unit, times, say, signal }: RepeatOptions,
): Promise<number[]> {
  const values: number[] = [];
  for (let index = 1; index <= times; index += 1) {
    signal.throwIfAborted();
    const value = await measure();
    say(`${title} ${index}/${times}: ${rounded(value)} ${unit}`);
    values.push(value);
  }
  return values;
}
