/**
 * Where a result differs from py-polars 1.x though the text is the same. Datasets are written by Polars' streaming
 * engine, py-polars' `collect()` uses the in-memory one: most of these are differences between the two.
 */
export type Difference = {
  readonly what: string;
  readonly why: string;
  /** Finds the texts of the corpus that show it. */
  readonly shows: RegExp;
};

export const DIFFERENCES: readonly Difference[] = [
  {
    what: 'unpivot and melt give the same rows in another order',
    why: 'the streaming engine takes the rows piece by piece; sort where the order matters',
    shows: /\.(unpivot|melt)\(/,
  },
  {
    what: 'arg_min and arg_max of equal values may name another of their rows',
    why: 'Polars does not promise which',
    shows: /\.arg_(min|max)\(\)/,
  },
  {
    what: 'std of a Duration fails when the task runs',
    why: 'the streaming engine lacks it; use .dt.total_microseconds() before',
    shows: /"dur"\)\.std\(/,
  },
  {
    what: 'max of lists within groups fails when the task runs',
    why: 'the streaming engine lacks it; use .list.max() before',
    shows: /"(l|chars)"\)\.max\(\)\.over/,
  },
  {
    what: 'shift of a Decimal with a fill value keeps the value',
    why: 'py-polars 1.44 fills with the digits and forgets the scale: 4.00 becomes 0.04',
    shows: /"dec"\)\.shift\(1, fill_value/,
  },
];

/** Differences that no row of the corpus shows. */
export const OTHER_DIFFERENCES: readonly (readonly [string, string])[] = [
  [
    'std, var, skew, kurtosis, corr and their like may differ in the last digits of a float',
    'the streaming engine adds in another order',
  ],
  [
    'the rows of a join come in no order, unless maintain_order asks for one',
    'py-polars promises none either, but often keeps that of the left',
  ],
  ['cut gives a Categorical, py-polars an Enum', 'columns between tasks have no Enum type'],
  [
    'cat.physical and cat.get_categories depend on what else the worker has read',
    'categories are numbered for the whole process',
  ],
  ['approx_n_unique is exact', 'the bundled Polars has no approximation'],
  ['top_k and bottom_k come in order', 'they are a sort and its first values'],
  [
    'list.set_union may give its members in another order',
    'it is the unique members of both lists',
  ],
  [
    'chance is not that of py-polars: sample, shuffle, rank("random")',
    'the seeds mean other things',
  ],
];
