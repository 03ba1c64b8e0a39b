export const polars = String.raw`
start = date(1994, 1, 1)
end = date(1995, 1, 1)
(
    lineitem.filter(pl.col("l_shipdate").is_between(start, end, closed="left"))
    .filter(pl.col("l_discount").is_between(0.05, 0.07))
    .filter(pl.col("l_quantity") < 24)
    .with_columns((pl.col("l_extendedprice") * pl.col("l_discount")).alias("revenue"))
    .select(pl.sum("revenue"))
)
`;

export const sql = `
select sum(l_extendedprice * l_discount) as revenue from lineitem
where l_shipdate >= date '1994-01-01' and l_shipdate < date '1994-01-01' + interval '1 year'
  and l_discount between 0.05 and 0.07 and l_quantity < 24
`;
