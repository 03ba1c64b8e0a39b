export const polars = String.raw`
segment = "BUILDING"
day = date(1995, 3, 15)
(
    customer.filter(pl.col("c_mktsegment") == segment)
    .join(orders, left_on="c_custkey", right_on="o_custkey")
    .join(lineitem, left_on="o_orderkey", right_on="l_orderkey")
    .filter(pl.col("o_orderdate") < day)
    .filter(pl.col("l_shipdate") > day)
    .with_columns((pl.col("l_extendedprice") * (1 - pl.col("l_discount"))).alias("revenue"))
    .group_by("o_orderkey", "o_orderdate", "o_shippriority")
    .agg(pl.sum("revenue"))
    .select(pl.col("o_orderkey").alias("l_orderkey"), "revenue", "o_orderdate", "o_shippriority")
    .sort(by=["revenue", "o_orderdate"], descending=[True, False])
    .head(10)
)
`;

export const sql = `
select l_orderkey, sum(l_extendedprice * (1 - l_discount)) as revenue, o_orderdate, o_shippriority
from customer, orders, lineitem
where c_mktsegment = 'BUILDING' and c_custkey = o_custkey and l_orderkey = o_orderkey
  and o_orderdate < date '1995-03-15' and l_shipdate > date '1995-03-15'
group by l_orderkey, o_orderdate, o_shippriority order by revenue desc, o_orderdate limit 10
`;
