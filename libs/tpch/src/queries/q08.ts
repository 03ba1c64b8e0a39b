export const polars = String.raw`
who = "BRAZIL"
where = "AMERICA"
kind = "ECONOMY ANODIZED STEEL"
n1 = nation.select("n_nationkey", "n_regionkey")
n2 = nation.select("n_nationkey", "n_name")
(
    part.join(lineitem, left_on="p_partkey", right_on="l_partkey")
    .join(supplier, left_on="l_suppkey", right_on="s_suppkey")
    .join(orders, left_on="l_orderkey", right_on="o_orderkey")
    .join(customer, left_on="o_custkey", right_on="c_custkey")
    .join(n1, left_on="c_nationkey", right_on="n_nationkey")
    .join(region, left_on="n_regionkey", right_on="r_regionkey")
    .filter(pl.col("r_name") == where)
    .join(n2, left_on="s_nationkey", right_on="n_nationkey")
    .filter(pl.col("o_orderdate").is_between(date(1995, 1, 1), date(1996, 12, 31)))
    .filter(pl.col("p_type") == kind)
    .select(
        pl.col("o_orderdate").dt.year().alias("o_year"),
        (pl.col("l_extendedprice") * (1 - pl.col("l_discount"))).alias("volume"),
        pl.col("n_name").alias("nation"),
    )
    .with_columns(pl.when(pl.col("nation") == who).then(pl.col("volume")).otherwise(0).alias("_tmp"))
    .group_by("o_year")
    .agg((pl.sum("_tmp") / pl.sum("volume")).round(2).alias("mkt_share"))
    .sort("o_year")
)
`;

export const sql = `
select o_year, round((sum(case when nation = 'BRAZIL' then volume else 0 end) / sum(volume))::numeric, 2)::float8 as mkt_share
from (
  select extract(year from o_orderdate)::int as o_year, l_extendedprice * (1 - l_discount) as volume, n2.n_name as nation
  from part, supplier, lineitem, orders, customer, nation n1, nation n2, region
  where p_partkey = l_partkey and s_suppkey = l_suppkey and l_orderkey = o_orderkey and o_custkey = c_custkey
    and c_nationkey = n1.n_nationkey and n1.n_regionkey = r_regionkey and r_name = 'AMERICA'
    and s_nationkey = n2.n_nationkey and o_orderdate between date '1995-01-01' and date '1996-12-31'
    and p_type = 'ECONOMY ANODIZED STEEL') as all_nations
group by o_year order by o_year
`;
