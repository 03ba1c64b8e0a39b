export const polars = String.raw`
start = date(1994, 1, 1)
end = date(1995, 1, 1)
urgent = pl.col("o_orderpriority").is_in(["1-URGENT", "2-HIGH"])
(
    orders.join(lineitem, left_on="o_orderkey", right_on="l_orderkey")
    .filter(pl.col("l_shipmode").is_in(["MAIL", "SHIP"]))
    .filter(pl.col("l_commitdate") < pl.col("l_receiptdate"))
    .filter(pl.col("l_shipdate") < pl.col("l_commitdate"))
    .filter(pl.col("l_receiptdate").is_between(start, end, closed="left"))
    .with_columns(
        pl.when(urgent).then(1).otherwise(0).alias("high_line_count"),
        pl.when(urgent.not_()).then(1).otherwise(0).alias("low_line_count"),
    )
    .group_by("l_shipmode")
    .agg(pl.col("high_line_count").sum(), pl.col("low_line_count").sum())
    .sort("l_shipmode")
)
`;

export const sql = `
select l_shipmode,
  sum(case when o_orderpriority in ('1-URGENT', '2-HIGH') then 1 else 0 end) as high_line_count,
  sum(case when o_orderpriority not in ('1-URGENT', '2-HIGH') then 1 else 0 end) as low_line_count
from orders, lineitem
where o_orderkey = l_orderkey and l_shipmode in ('MAIL', 'SHIP') and l_commitdate < l_receiptdate
  and l_shipdate < l_commitdate and l_receiptdate >= date '1994-01-01'
  and l_receiptdate < date '1994-01-01' + interval '1 year'
group by l_shipmode order by l_shipmode
`;
