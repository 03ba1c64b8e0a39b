export const polars = String.raw`
start = date(1993, 10, 1)
end = date(1994, 1, 1)
(
    customer.join(orders, left_on="c_custkey", right_on="o_custkey")
    .join(lineitem, left_on="o_orderkey", right_on="l_orderkey")
    .join(nation, left_on="c_nationkey", right_on="n_nationkey")
    .filter(pl.col("o_orderdate").is_between(start, end, closed="left"))
    .filter(pl.col("l_returnflag") == "R")
    .group_by("c_custkey", "c_name", "c_acctbal", "c_phone", "n_name", "c_address", "c_comment")
    .agg((pl.col("l_extendedprice") * (1 - pl.col("l_discount"))).sum().round(2).alias("revenue"))
    .select("c_custkey", "c_name", "revenue", "c_acctbal", "n_name", "c_address", "c_phone", "c_comment")
    .sort(by="revenue", descending=True)
    .head(20)
)
`;

export const sql = `
select c_custkey, c_name, round(sum(l_extendedprice * (1 - l_discount))::numeric, 2)::float8 as revenue, c_acctbal, n_name,
  c_address, c_phone, c_comment
from customer, orders, lineitem, nation
where c_custkey = o_custkey and l_orderkey = o_orderkey and o_orderdate >= date '1993-10-01'
  and o_orderdate < date '1993-10-01' + interval '3 months' and l_returnflag = 'R' and c_nationkey = n_nationkey
group by c_custkey, c_name, c_acctbal, c_phone, n_name, c_address, c_comment order by revenue desc limit 20
`;
