export const polars = String.raw`
where = "ASIA"
start = date(1994, 1, 1)
end = date(1995, 1, 1)
(
    region.join(nation, left_on="r_regionkey", right_on="n_regionkey")
    .join(customer, left_on="n_nationkey", right_on="c_nationkey")
    .join(orders, left_on="c_custkey", right_on="o_custkey")
    .join(lineitem, left_on="o_orderkey", right_on="l_orderkey")
    .join(supplier, left_on=["l_suppkey", "n_nationkey"], right_on=["s_suppkey", "s_nationkey"])
    .filter(pl.col("r_name") == where)
    .filter(pl.col("o_orderdate").is_between(start, end, closed="left"))
    .with_columns((pl.col("l_extendedprice") * (1 - pl.col("l_discount"))).alias("revenue"))
    .group_by("n_name")
    .agg(pl.sum("revenue"))
    .sort(by="revenue", descending=True)
)
`;

export const sql = `
select n_name, sum(l_extendedprice * (1 - l_discount)) as revenue
from customer, orders, lineitem, supplier, nation, region
where c_custkey = o_custkey and l_orderkey = o_orderkey and l_suppkey = s_suppkey and c_nationkey = s_nationkey
  and s_nationkey = n_nationkey and n_regionkey = r_regionkey and r_name = 'ASIA'
  and o_orderdate >= date '1994-01-01' and o_orderdate < date '1994-01-01' + interval '1 year'
group by n_name order by revenue desc
`;
