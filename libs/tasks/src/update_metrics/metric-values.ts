import type { Measures } from '../measures/measure-programs.ts';

/** Numbers, and texts that say how to find them. */
export type MetricValues = Readonly<Record<string, number | string>>;

export function expressionsOf(metrics: MetricValues): Measures {
  return Object.fromEntries(
    Object.entries(metrics).filter((entry): entry is [string, string] => isText(entry[1])),
  );
}

export function numbersOf(metrics: MetricValues): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(metrics).filter((entry): entry is [string, number] => !isText(entry[1])),
  );
}

function isText(value: number | string): value is string {
  return typeof value === 'string';
}
