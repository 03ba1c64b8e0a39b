/** The texts by which two datasets are compared, in the language of transforms. */

export type Compared = {
  /** Names of the columns of each side. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly key: readonly string[];
  /** Those that are compared. */
  readonly columns: readonly string[];
  readonly limit: number;
};

// Names that no column of a user should have; one that has them fails with Polars' own words.
const ROW = '__floe_row';
const IN_BEFORE = '__floe_before';
const IN_AFTER = '__floe_after';
const AFTER = '__floe_after_';

/** How many rows a side has, and how many keys. */
export function keyProgram(side: string, key: readonly string[]): string {
  return `${side}.select(pl.len().alias("rows"), pl.struct(${key.map(text).join(', ')}).n_unique().alias("keys"))`;
}

/**
 * `counts` gives one row: the rows of each side, those of both, those of them that differ, and for each column in how
 * many. `rows` gives the first rows that differ: the change, the key, and for each column whether it differs, before
 * and after.
 */
export function comparePrograms(compared: Compared): {
  readonly counts: string;
  readonly rows: string;
} {
  return { counts: countsProgram(compared), rows: rowsProgram(compared) };
}

function countsProgram(compared: Compared): string {
  const { columns } = compared;
  const sums = columns.map((_, index) => `pl.col("d${index}").sum().alias("n${index}")`);
  const each = [
    `pl.col("${IN_BEFORE}").is_not_null().sum().alias("before")`,
    `pl.col("${IN_AFTER}").is_not_null().sum().alias("after")`,
    '(pl.col("change") != "added").and_(pl.col("change") != "removed").sum().alias("both")',
    '(pl.col("change") == "changed").sum().alias("changed")',
    ...sums,
  ];
  return `${judged(compared)}
judged.select(${each.join(', ')})`;
}

function rowsProgram(compared: Compared): string {
  const { key, columns, limit } = compared;
  const names =
    key.length === 0
      ? [`pl.coalesce("${ROW}", "${AFTER}row")`]
      : key.map((name) => `pl.coalesce(${text(name)}, ${text(AFTER + name)})`);
  const named = names.map((expression, index) => `${expression}.alias("k${index}")`);
  const values = columns.flatMap((name, index) => [
    `pl.col("d${index}")`,
    `pl.col(${text(name)}).alias("b${index}")`,
    `pl.col(${text(AFTER + name)}).alias("a${index}")`,
  ]);
  const order = names.map((_, index) => `"k${index}"`).join(', ');
  return `${judged(compared)}
judged.filter(pl.col("change") != "same").select("change", ${[...named, ...values].join(', ')}).sort(${order}).head(${limit})`;
}

/** Both sides beside each other, with what became of each row and which of its columns differ. */
function judged({ before, after, key, columns }: Compared): string {
  const isByPlace = key.length === 0;
  const left = isByPlace ? `"${ROW}"` : key.map(text).join(', ');
  const right = isByPlace ? `"${AFTER}row"` : key.map((name) => text(AFTER + name)).join(', ');
  const number = (name: string) => (isByPlace ? `.with_row_index("${name}", 1)` : '');
  const renamed = after.map((name) => `${text(name)}: ${text(AFTER + name)}`).join(', ');
  const isBoth = `pl.col("${IN_BEFORE}").is_not_null() & pl.col("${IN_AFTER}").is_not_null()`;
  const differences = columns.map(
    (name, index) =>
      `(${isBoth} & pl.col(${text(name)}).ne_missing(pl.col(${text(AFTER + name)}))).alias("d${index}")`,
  );
  const any =
    columns.length === 0
      ? 'pl.lit(False)'
      : `pl.any_horizontal(${columns.map((_, index) => `"d${index}"`).join(', ')})`;
  return `old = before.select(${before.map(text).join(', ')})${number(ROW)}.with_columns(pl.lit(True).alias("${IN_BEFORE}"))
new = after.rename({${renamed}})${number(`${AFTER}row`)}.with_columns(pl.lit(True).alias("${IN_AFTER}"))
both = old.join(new, left_on=[${left}], right_on=[${right}], how="full", nulls_equal=True, coalesce=False)
marked = both${differences.length === 0 ? '' : `.with_columns(${differences.join(', ')})`}
judged = marked.with_columns(
    pl.when(pl.col("${IN_BEFORE}").is_null()).then(pl.lit("added"))
    .when(pl.col("${IN_AFTER}").is_null()).then(pl.lit("removed"))
    .when(${any}).then(pl.lit("changed"))
    .otherwise(pl.lit("same")).alias("change")
)`;
}

/** A string of Python: the escapes of JSON are among those of Python. */
function text(name: string): string {
  return JSON.stringify(name);
}
