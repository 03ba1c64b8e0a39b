export const polars = String.raw`
(
    part.join(partsupp, left_on="p_partkey", right_on="ps_partkey")
    .join(supplier, left_on="ps_suppkey", right_on="s_suppkey")
    .join(lineitem, left_on=["p_partkey", "ps_suppkey"], right_on=["l_partkey", "l_suppkey"])
    .join(orders, left_on="l_orderkey", right_on="o_orderkey")
    .join(nation, left_on="s_nationkey", right_on="n_nationkey")
    .filter(pl.col("p_name").str.contains("green"))
    .select(
        pl.col("n_name").alias("nation"),
        pl.col("o_orderdate").dt.year().alias("o_year"),
        (
            pl.col("l_extendedprice") * (1 - pl.col("l_discount"))
            - pl.col("ps_supplycost") * pl.col("l_quantity")
        ).alias("amount"),
    )
    .group_by("nation", "o_year")
    .agg(pl.sum("amount").round(2).alias("sum_profit"))
    .sort(by=["nation", "o_year"], descending=[False, True])
)
`;

export const sql = `
select nation, o_year, round(sum(amount)::numeric, 2)::float8 as sum_profit from (
  select n_name as nation, extract(year from o_orderdate)::int as o_year,
    l_extendedprice * (1 - l_discount) - ps_supplycost * l_quantity as amount
  from part, supplier, lineitem, partsupp, orders, nation
  where s_suppkey = l_suppkey and ps_suppkey = l_suppkey and ps_partkey = l_partkey and p_partkey = l_partkey
    and o_orderkey = l_orderkey and s_nationkey = n_nationkey and p_name like '%green%') as profit
group by nation, o_year order by nation collate "C", o_year desc
`;
