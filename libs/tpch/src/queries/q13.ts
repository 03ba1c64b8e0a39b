export const polars = String.raw`
wanted = orders.filter(pl.col("o_comment").str.contains("special.*requests").not_())
(
    customer.join(wanted, left_on="c_custkey", right_on="o_custkey", how="left")
    .group_by("c_custkey")
    .agg(pl.col("o_orderkey").count().alias("c_count"))
    .group_by("c_count")
    .len()
    .select("c_count", pl.col("len").alias("custdist"))
    .sort(by=["custdist", "c_count"], descending=[True, True])
)
`;

export const sql = `
select c_count, count(*) as custdist from (
  select c_custkey, count(o_orderkey) as c_count
  from customer left outer join orders on c_custkey = o_custkey and o_comment not like '%special%requests%'
  group by c_custkey) as c_orders
group by c_count order by custdist desc, c_count desc
`;
