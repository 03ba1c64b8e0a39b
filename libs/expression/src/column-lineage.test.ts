import { expect, test } from 'vitest';
import { columnLineage } from './column-lineage.ts';
import type { Schema } from './data-type.ts';
import { parseProgram } from './parse-program.ts';

const strings = (...names: readonly string[]): Schema =>
  names.map((name) => ({ name, type: { kind: 'int64' } }));
const inputs = { a: strings('k', 'x', 'y', 't'), b: strings('k', 'x', 'z') };

/** Sources as `input.column how transformation`, with `masked` where it is. */
function lineageOf(text: string) {
  const lineage = columnLineage(parseProgram(text, { inputs: ['a', 'b'] }), inputs);
  return {
    columns: Object.fromEntries(
      lineage.columns.map(({ name, sources }) => [
        name,
        sources.map(({ input, column, how, transformation, isMasked }) =>
          [`${input}.${column}`, how, transformation, ...(isMasked ? ['masked'] : [])].join(' '),
        ),
      ]),
    ),
    dependencies: lineage.dependencies.map(({ input, column, how }) => `${input}.${column} ${how}`),
    inputs: lineage.inputs,
  };
}

test('renames and aliases keep the identity, also over several steps', () => {
  const { columns } = lineageOf('a.rename({"x": "p"}).select(pl.col("p").alias("q"), "y")');
  expect(columns).toEqual({ q: ['a.x value identity'], y: ['a.y value identity'] });
});

test('an overwritten column loses its old sources, and all expressions read the frame before', () => {
  const { columns } = lineageOf(
    'a.select("x", "y").with_columns(x=pl.col("y"), y=pl.col("x") + 1)',
  );
  expect(columns).toEqual({ x: ['a.y value identity'], y: ['a.x value transformation'] });
});

test('filters and orders are dependencies of the rows, not of a column', () => {
  const { columns, dependencies } = lineageOf('a.filter(pl.col("t") > 1).sort("y").select("x")');
  expect(columns).toEqual({ x: ['a.x value identity'] });
  expect(dependencies).toEqual(['a.t filter', 'a.y sort']);
});

test('groups have their keys as identity and dependency, aggregates as aggregation', () => {
  const { columns, dependencies } = lineageOf(
    'a.group_by("k").agg(pl.col("x").sum(), pl.len(), n=pl.col("y").n_unique())',
  );
  expect(columns).toEqual({
    k: ['a.k value identity'],
    x: ['a.x value aggregation'],
    len: [],
    n: ['a.y value aggregation masked'],
  });
  expect(dependencies).toEqual(['a.k group']);
});

test('conditions, windows, filters and orders of an expression belong to its column', () => {
  const { columns, dependencies } = lineageOf(
    `a.select(
      w=pl.when(pl.col("t") > 0).then(pl.col("x")).otherwise(pl.col("y")),
      o=pl.col("x").sum().over("k", order_by="t"),
      f=pl.col("x").filter(pl.col("y") > 1).sum(),
      s=pl.col("x").sort_by("t"),
      c=pl.coalesce("x", "y"),
    )`,
  );
  expect(columns).toEqual({
    w: ['a.t condition transformation', 'a.x value transformation', 'a.y value transformation'],
    o: ['a.x value aggregation', 'a.k window identity', 'a.t window identity'],
    f: ['a.x value aggregation', 'a.y filter transformation'],
    s: ['a.x value transformation', 'a.t sort identity'],
    c: ['a.x value transformation', 'a.y value transformation', 'a.x condition identity'],
  });
  expect(dependencies).toEqual([]);
});

test('joins take columns from both sides and depend on the keys of both', () => {
  const {
    columns,
    dependencies,
    inputs: used,
  } = lineageOf('a.select("k", "x").join(b, on="k", how="left")');
  expect(columns).toEqual({
    k: ['a.k value identity'],
    x: ['a.x value identity'],
    x_right: ['b.x value identity'],
    z: ['b.z value identity'],
  });
  expect(dependencies).toEqual(['a.k join', 'b.k join']);
  expect(used).toEqual(['a', 'b']);
});

test('the key of a coalesced full join comes from both sides, of a right join from the right', () => {
  const full = lineageOf('a.select("k").join(b.select("k"), on="k", how="full", coalesce=True)');
  expect(full.columns).toEqual({ k: ['a.k value identity', 'b.k value identity'] });
  const right = lineageOf('a.select("k", "y").join(b.select("k"), on="k", how="right")');
  expect(right.columns).toEqual({ y: ['a.y value identity'], k: ['b.k value identity'] });
});

test('a semi join has the other frame as an input without a column of it', () => {
  const { columns, inputs: used } = lineageOf('a.select("k").join(b, on="k", how="semi")');
  expect(columns).toEqual({ k: ['a.k value identity'] });
  expect(used).toEqual(['a', 'b']);
});

test('stacked frames give each column all of its sources', () => {
  const { columns } = lineageOf('pl.concat([a.select("x"), b.select("x")])');
  expect(columns).toEqual({ x: ['a.x value identity', 'b.x value identity'] });
});

test('literals have no source', () => {
  expect(lineageOf('a.select(one=1)').columns).toEqual({ one: [] });
});

test('unique depends on what it compares', () => {
  expect(lineageOf('a.select("k", "x").unique("k")').dependencies).toEqual(['a.k group']);
});
