export const polars = String.raw`
large = lineitem.group_by("l_orderkey").agg(pl.col("l_quantity").sum().alias("sum_quantity")).filter(
    pl.col("sum_quantity") > 300
)
(
    orders.join(large, left_on="o_orderkey", right_on="l_orderkey", how="semi")
    .join(lineitem, left_on="o_orderkey", right_on="l_orderkey")
    .join(customer, left_on="o_custkey", right_on="c_custkey")
    .group_by("c_name", "o_custkey", "o_orderkey", "o_orderdate", "o_totalprice")
    .agg(pl.col("l_quantity").sum().alias("col6"))
    .select(
        pl.col("c_name"),
        pl.col("o_custkey").alias("c_custkey"),
        pl.col("o_orderkey"),
        pl.col("o_orderdate").alias("o_orderdat"),
        pl.col("o_totalprice"),
        pl.col("col6"),
    )
    .sort(by=["o_totalprice", "o_orderdat"], descending=[True, False])
    .head(100)
)
`;

export const sql = `
select c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice, sum(l_quantity) as col6
from customer, orders, lineitem
where o_orderkey in (select l_orderkey from lineitem group by l_orderkey having sum(l_quantity) > 300)
  and c_custkey = o_custkey and o_orderkey = l_orderkey
group by c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice
order by o_totalprice desc, o_orderdate limit 100
`;
