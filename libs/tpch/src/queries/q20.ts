export const polars = String.raw`
start = date(1994, 1, 1)
end = date(1995, 1, 1)
sold = (
    lineitem.filter(pl.col("l_shipdate").is_between(start, end, closed="left"))
    .group_by("l_partkey", "l_suppkey")
    .agg((pl.col("l_quantity").sum() * 0.5).alias("sum_quantity"))
)
here = supplier.join(nation.filter(pl.col("n_name") == "CANADA"), left_on="s_nationkey", right_on="n_nationkey")
(
    part.filter(pl.col("p_name").str.starts_with("forest"))
    .select(pl.col("p_partkey").unique())
    .join(partsupp, left_on="p_partkey", right_on="ps_partkey")
    .join(sold, left_on=["ps_suppkey", "p_partkey"], right_on=["l_suppkey", "l_partkey"])
    .filter(pl.col("ps_availqty") > pl.col("sum_quantity"))
    .select(pl.col("ps_suppkey").unique())
    .join(here, left_on="ps_suppkey", right_on="s_suppkey")
    .select("s_name", "s_address")
    .sort("s_name")
)
`;

export const sql = `
select s_name, s_address from supplier, nation
where s_suppkey in (
    select ps_suppkey from partsupp
    where ps_partkey in (select p_partkey from part where p_name like 'forest%')
      and ps_availqty > (select 0.5 * sum(l_quantity) from lineitem
        where l_partkey = ps_partkey and l_suppkey = ps_suppkey and l_shipdate >= date '1994-01-01'
          and l_shipdate < date '1994-01-01' + interval '1 year'))
  and s_nationkey = n_nationkey and n_name = 'CANADA' order by s_name
`;
