import { expect, test } from 'vitest';
import { parseProgram } from '../parse-program.ts';
import { neverFails } from './never-fails.ts';

const judge = (text: string) => neverFails(parseProgram(text, { inputs: ['rows', 'others'] }));

test.each([
  'rows',
  'rows.filter(pl.col("a") > 1).with_columns(b=pl.col("a") * 2)',
  'rows.with_columns(b=pl.col("a").cast(pl.Int32, strict=False))',
  'rows.group_by("k").agg(n=pl.len(), m=pl.col("a").filter(pl.col("b") > 0).mean()).sort("k")',
  'rows.join(others.select("k"), on="k", how="left")',
  'rows.with_columns(share=pl.col("a") / pl.col("a").sum().over("k"))',
  'rows.sort("a").head(3).join(others.top_k(3, by="a"), on="k").slice(1, 5)',
  'late = rows.filter(pl.col("a").is_in([1, 2]))\nlate.unique("k", keep="first", maintain_order=True)',
  'rows.with_columns(pl.when(pl.col("a") > 0).then(1).otherwise(pl.col("b").fill_null(0)).alias("c"))',
])('knows that %s fails for no row', (text) => {
  expect(judge(text)).toBe(true);
});

test.each([
  'rows.with_columns(b=pl.col("a").cast(pl.Int32))',
  'rows.filter(pl.col("a").str.to_date("%Y") > pl.col("d"))',
  'rows.cast({"a": pl.Int8})',
  'rows.top_k(3, by=pl.col("a").cast(pl.Int8))',
  'rows.join(others, on="k", validate="m:1")',
  'rows.join(others.filter(pl.col("a").cast(pl.Int8) > 0), on="k")',
  'rows.select(pl.col("a").unique(), pl.col("b"))',
  'rows.select((pl.col("a").drop_nulls() + pl.col("b")).sum())',
  'rows.select(pl.col("a").filter(pl.col("b").cast(pl.Int8) > 0).sum())',
  'other = rows.cast({"a": pl.Int8})\nrows.filter(pl.col("a") > 1)',
])('takes it that %s may fail', (text) => {
  expect(judge(text)).toBe(false);
});
