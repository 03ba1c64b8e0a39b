export const polars = String.raw`
q1 = (
    part.filter(pl.col("p_brand") == "Brand#23")
    .filter(pl.col("p_container") == "MED BOX")
    .join(lineitem, how="left", left_on="p_partkey", right_on="l_partkey")
)
(
    q1.group_by("p_partkey")
    .agg((0.2 * pl.col("l_quantity").mean()).alias("avg_quantity"))
    .select(pl.col("p_partkey").alias("key"), pl.col("avg_quantity"))
    .join(q1, left_on="key", right_on="p_partkey")
    .filter(pl.col("l_quantity") < pl.col("avg_quantity"))
    .select((pl.col("l_extendedprice").sum() / 7.0).round(2).alias("avg_yearly"))
)
`;

export const sql = `
select round((sum(l_extendedprice) / 7.0)::numeric, 2)::float8 as avg_yearly from lineitem, part
where p_partkey = l_partkey and p_brand = 'Brand#23' and p_container = 'MED BOX'
  and l_quantity < (select 0.2 * avg(l_quantity) from lineitem where l_partkey = p_partkey)
`;
