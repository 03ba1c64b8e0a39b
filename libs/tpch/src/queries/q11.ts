export const polars = String.raw`
who = "GERMANY"
share = 0.0001
stock = (
    partsupp.join(supplier, left_on="ps_suppkey", right_on="s_suppkey")
    .join(nation, left_on="s_nationkey", right_on="n_nationkey")
    .filter(pl.col("n_name") == who)
)
least = stock.select((pl.col("ps_supplycost") * pl.col("ps_availqty")).sum().round(2).alias("tmp") * share)
(
    stock.group_by("ps_partkey")
    .agg((pl.col("ps_supplycost") * pl.col("ps_availqty")).sum().round(2).alias("value"))
    .join(least, how="cross")
    .filter(pl.col("value") > pl.col("tmp"))
    .select("ps_partkey", "value")
    .sort("value", descending=True)
)
`;

export const sql = `
select ps_partkey, round(sum(ps_supplycost * ps_availqty)::numeric, 2)::float8 as value
from partsupp, supplier, nation
where ps_suppkey = s_suppkey and s_nationkey = n_nationkey and n_name = 'GERMANY'
group by ps_partkey
having sum(ps_supplycost * ps_availqty) > (
  select sum(ps_supplycost * ps_availqty) * 0.0001 from partsupp, supplier, nation
  where ps_suppkey = s_suppkey and s_nationkey = n_nationkey and n_name = 'GERMANY')
order by value desc
`;
