import type { Edge, How, Transformation } from '@floe/expression';

/**
 * How sure a source is. exact: read off an expression or a plain column. opaque: something that Floe does not read
 * decides, like SQL, so any column may have a part. unresolved: nobody could be asked when the workflow was applied.
 */
export type Certainty = 'exact' | 'opaque' | 'unresolved';

/** A column of a table or file from which something comes, over all the tasks between the two. */
export type LineageSource = {
  /** A table, file or address; empty where it is not known or, where that is exact, where there is none. */
  readonly dataset: string;
  /** Empty: columns of the dataset that are not known. */
  readonly column: string;
  readonly how: How;
  readonly transformation: Transformation;
  /** The values can no longer be told from the result, as in a count. */
  readonly isMasked: boolean;
  readonly certainty: Certainty;
};

/** Where the columns of a dataset come from. */
export type DatasetLineage = {
  readonly columns: readonly {
    readonly name: string;
    /** Empty: from no column, like a literal. */
    readonly sources: readonly LineageSource[];
  }[];
  /** What decides about all of its rows; and where its columns are not known, what they come from. */
  readonly dependencies: readonly LineageSource[];
};

const RANK: readonly Transformation[] = ['identity', 'transformation', 'aggregation'];

/** What an edge of a task makes of the source of its input's column: the later kind counts, an indirect part stays. */
export function through(source: LineageSource, edge: Edge): LineageSource {
  if (source.how !== 'value') return source;
  const isLater = RANK.indexOf(edge.transformation) > RANK.indexOf(source.transformation);
  return {
    ...source,
    how: edge.how,
    transformation: isLater ? edge.transformation : source.transformation,
    isMasked: source.isMasked || edge.isMasked,
  };
}

/** Each column once for each way in which it takes part. */
export function mergeSources(sources: Iterable<LineageSource>): readonly LineageSource[] {
  const merged = new Map<string, LineageSource>();
  for (const source of sources) {
    const key = `${source.how} ${JSON.stringify([source.dataset, source.column])}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? source : combined(known, source));
  }
  return [...merged.values()];
}

function combined(a: LineageSource, b: LineageSource): LineageSource {
  const later = RANK.indexOf(a.transformation) > RANK.indexOf(b.transformation) ? a : b;
  return {
    ...a,
    transformation: later.transformation,
    isMasked: a.isMasked && b.isMasked,
    certainty: a.certainty === 'exact' ? 'exact' : b.certainty,
  };
}

/** Some columns of a dataset, in a way that is not known. */
export function anyColumn(dataset: string, certainty: Exclude<Certainty, 'exact'>): LineageSource {
  return {
    dataset,
    column: '',
    how: 'value',
    transformation: 'transformation',
    isMasked: false,
    certainty,
  };
}
