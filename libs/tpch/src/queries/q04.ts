export const polars = String.raw`
start = date(1993, 7, 1)
end = date(1993, 10, 1)
(
    lineitem.join(orders, left_on="l_orderkey", right_on="o_orderkey")
    .filter(pl.col("o_orderdate").is_between(start, end, closed="left"))
    .filter(pl.col("l_commitdate") < pl.col("l_receiptdate"))
    .unique(subset=["o_orderpriority", "l_orderkey"])
    .group_by("o_orderpriority")
    .agg(pl.len().alias("order_count"))
    .sort("o_orderpriority")
)
`;

export const sql = `
select o_orderpriority, count(*) as order_count from orders
where o_orderdate >= date '1993-07-01' and o_orderdate < date '1993-07-01' + interval '3 months'
  and exists (select * from lineitem where l_orderkey = o_orderkey and l_commitdate < l_receiptdate)
group by o_orderpriority order by o_orderpriority
`;
