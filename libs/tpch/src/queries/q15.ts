export const polars = String.raw`
start = date(1996, 1, 1)
end = date(1996, 4, 1)
revenue = (
    lineitem.filter(pl.col("l_shipdate").is_between(start, end, closed="left"))
    .group_by("l_suppkey")
    .agg((pl.col("l_extendedprice") * (1 - pl.col("l_discount"))).sum().alias("total_revenue"))
    .select(pl.col("l_suppkey").alias("supplier_no"), pl.col("total_revenue"))
)
(
    supplier.join(revenue, left_on="s_suppkey", right_on="supplier_no")
    .filter(pl.col("total_revenue") == pl.col("total_revenue").max())
    .with_columns(pl.col("total_revenue").round(2))
    .select("s_suppkey", "s_name", "s_address", "s_phone", "total_revenue")
    .sort("s_suppkey")
)
`;

export const sql = `
with revenue as (
  select l_suppkey as supplier_no, sum(l_extendedprice * (1 - l_discount)) as total_revenue from lineitem
  where l_shipdate >= date '1996-01-01' and l_shipdate < date '1996-01-01' + interval '3 months' group by l_suppkey)
select s_suppkey, s_name, s_address, s_phone, round(total_revenue::numeric, 2)::float8 as total_revenue
from supplier, revenue
where s_suppkey = supplier_no and total_revenue = (select max(total_revenue) from revenue) order by s_suppkey
`;
