import { FloeError } from '@floe/errors';
import { benchNames } from '../find-bench.ts';
import type { Step } from '../measure.ts';

/** The sizes of the tables that move. The largest takes half of the time of a record and comes last. */
export const RECORDED_ROWS = [500_000, 2_000_000, 20_000_000] as const;

/** What moves tables shares one Floe for each size, and with it the table. */
const SIZED = ['extract', 'load', 'etl'] as const;

/** Each in a Floe of its own, so that none of them meets what another has left. */
const ALONE = [
  'latency',
  'chain',
  'cancel',
  'engine',
  'apply',
  'console',
  'watchers',
  'expressions',
  'pushdown',
  'fusion',
  'tpch',
] as const;

/** Each in a Floe of its own too, but only when it is named: filling its history takes longer than all others together. */
const WHEN_NAMED = ['reports'] as const;

export type RecordedGroup = readonly Step[];

/**
 * What a record measures, in its order: groups share a Floe. With rows it is only what has sizes, at this one. Throws
 * CONFIGURATION_INVALID for a name that is in none.
 */
export function recordedGroups(names: readonly string[], rows?: number): readonly RecordedGroup[] {
  const isKnown = new Set(benchNames());
  const known = [...ALONE, ...WHEN_NAMED, ...SIZED, 'memory'].filter((name) => isKnown.has(name));
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new FloeError('CONFIGURATION_INVALID', `a record has no bench '${stranger}'`, {
      hint: `There are: ${known.join(', ')}.`,
    });
  const isWanted = (name: string): boolean =>
    isKnown.has(name) && (names.length === 0 || names.includes(name));
  const isNamed = (name: string): boolean => names.includes(name);
  if (rows !== undefined)
    return [SIZED.filter(isWanted).map((name) => ({ name, rows }))].filter(
      ({ length }) => length > 0,
    );
  const alone = [...ALONE, ...WHEN_NAMED.filter(isNamed)].map((name) => [
    { name, rows: undefined },
  ]);
  const sized = RECORDED_ROWS.map((size) => SIZED.map((name) => ({ name, rows: size })));
  const memory = [{ name: 'memory', rows: undefined }];
  return [...sized.slice(0, -1), ...alone, ...sized.slice(-1), memory]
    .map((group) => group.filter(({ name }) => isWanted(name)))
    .filter((group) => group.length > 0);
}

/** The file of a result, beside the others. */
export function recordFile({ name, rows }: Step): string {
  return rows === undefined ? `${name}.json` : `${name}-${rows}.json`;
}
