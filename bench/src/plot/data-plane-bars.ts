import type { BenchResult } from '../report/result.ts';
import type { Results } from './read-results.ts';

/** One bar: how long it took somebody. */
export type Bar = { readonly name: string; readonly seconds: number; readonly isFloe: boolean };

/** Bars to one scale: the same work at one size. */
export type BarGroup = { readonly rows: number; readonly bars: readonly Bar[] };

export type Panel = { readonly title: string; readonly groups: readonly BarGroup[] };

type Source = { readonly name: string; readonly figure: string; readonly peer?: string };

/** A figure of Floe, or one of the same name of a peer. */
type PanelSource = {
  readonly title: string;
  readonly bench: string;
  readonly sources: readonly Source[];
};

const PANELS: readonly PanelSource[] = [
  {
    title: 'Extract: PostgreSQL to a synced Arrow file (psql: to nowhere)',
    bench: 'extract',
    sources: [
      { name: 'Floe, 1 connection', figure: 'wall_s' },
      { name: 'psql, 1 connection', figure: 'wall_s', peer: 'psql_1' },
      { name: 'Floe, 2 connections', figure: 'parallel_2_wall_s' },
      { name: 'psql, 2 connections', figure: 'wall_s', peer: 'psql_2' },
    ],
  },
  {
    title: 'Load: into an empty table, exactly once',
    bench: 'load',
    sources: [
      { name: 'Floe, 1 connection', figure: 'wall_s' },
      { name: 'psql, 1 connection', figure: 'wall_s', peer: 'psql_1' },
      { name: 'psql, 2 connections', figure: 'wall_s', peer: 'psql_2' },
    ],
  },
  {
    title: 'Extract, transform, two loads',
    bench: 'etl',
    sources: [
      { name: 'Floe', figure: 'wall_s' },
      { name: 'Python Polars by hand', figure: 'wall_s', peer: 'python_polars' },
      { name: 'pandas', figure: 'wall_s', peer: 'pandas' },
    ],
  },
];

export function isDrawn({ bench, figures }: BenchResult): boolean {
  return PANELS.some((panel) => panel.bench === bench) && figures['rows'] !== undefined;
}

export function dataPlanePanels(results: Results): readonly Panel[] {
  return PANELS.map(({ title, bench, sources }) => ({
    title,
    groups: [...results.values()]
      .filter((result) => result.bench === bench && isDrawn(result))
      .map((result) => ({ rows: result.figures['rows']!, bars: barsOf(result, sources) }))
      .toSorted((left, right) => left.rows - right.rows),
  })).filter(({ groups }) => groups.length > 0);
}

function barsOf(result: BenchResult, sources: readonly Source[]): readonly Bar[] {
  return sources.flatMap(({ name, figure, peer }) => {
    const figures = peer === undefined ? result.figures : result.peers[peer];
    const seconds = figures?.[figure as keyof typeof figures];
    return typeof seconds === 'number' ? [{ name, seconds, isFloe: peer === undefined }] : [];
  });
}
