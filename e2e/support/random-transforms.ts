/** Random workflows of transforms over two extracts: chains that part and meet, and now and then one that fails. */
/** Operations that keep `k`, `v` and `s`, and have one order of rows. */
const operations = [
  '.filter(pl.col("v") > 10)',
  '.filter(pl.col("s").is_not_null() & (pl.col("v") < 900))',
  '.with_columns(v=pl.col("v") + 3)',
  '.with_columns(s=pl.col("s").str.to_uppercase())',
  '.with_columns(pl.col("v").sum().over("k").alias("total")).drop("total")',
  '.sort("k", "v", maintain_order=True)',
  '.unique("k", keep="first", maintain_order=True)',
  '.head(40)',
  '.slice(3, 60)',
  '.tail(70)',
  '.drop_nulls("s")',
  '.select("s", "v", "k")',
  '.group_by("k", maintain_order=True).agg(pl.col("v").sum(), pl.col("s").first()).select("k", "v", "s")',
  '.join(names, on="k", how="left", maintain_order="left_right").select("k", "v", "s")',
  '.join(names, on="k", how="anti", maintain_order="left")',
  '.with_columns(n=pl.col("s").cast(pl.Int64)).drop("n")',
] as const;

const FIELDS = ['', '', '', '', '', ', materialize: true', ', memory: 900MiB'] as const;

// Which of the tasks before it a task goes on with, counted from the last one: mostly that.
const BACK = [0, 0, 0, 0, 1, 2] as const;

/** The tasks of a workflow as its document has them; the same for the same seed. */
export function randomTransforms(seed: number): string {
  const pick = pickerOf(seed);
  const count = pick([3, 4, 5, 6, 7, 8, 9]);
  const lines = Array.from({ length: count }, (_, at) => {
    const source = at === 0 ? 'rows' : `t${Math.max(0, at - 1 - pick(BACK))}`;
    const text = Array.from({ length: pick([1, 2, 3]) }, () => pick(operations)).join('');
    const head = `type: expression_transform, inputs: [${source}, names]`;
    return `  t${at}: { ${head}, polars: '${source}${text}'${pick(FIELDS)} }`;
  });
  return lines.join('\n');
}

type Pick = <Each>(options: readonly Each[]) => Each;

/** mulberry32: small, and good enough to choose by. */
function pickerOf(seed: number): Pick {
  let state = seed | 0;
  return (options) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const number = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    return options[Math.floor(number * options.length)]!;
  };
}
