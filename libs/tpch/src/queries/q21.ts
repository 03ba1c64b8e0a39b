export const polars = String.raw`
who = "SAUDI ARABIA"
q1 = (
    lineitem.group_by("l_orderkey")
    .agg(pl.col("l_suppkey").n_unique().alias("n_supp_by_order"))
    .filter(pl.col("n_supp_by_order") > 1)
    .join(lineitem.filter(pl.col("l_receiptdate") > pl.col("l_commitdate")), on="l_orderkey")
)
(
    q1.group_by("l_orderkey")
    .agg(pl.col("l_suppkey").n_unique().alias("n_supp_by_order"))
    .join(q1, on="l_orderkey")
    .join(supplier, left_on="l_suppkey", right_on="s_suppkey")
    .join(nation, left_on="s_nationkey", right_on="n_nationkey")
    .join(orders, left_on="l_orderkey", right_on="o_orderkey")
    .filter(pl.col("n_supp_by_order") == 1)
    .filter(pl.col("n_name") == who)
    .filter(pl.col("o_orderstatus") == "F")
    .group_by("s_name")
    .agg(pl.len().alias("numwait"))
    .sort(by=["numwait", "s_name"], descending=[True, False])
    .head(100)
)
`;

export const sql = `
select s_name, count(*) as numwait from supplier, lineitem l1, orders, nation
where s_suppkey = l1.l_suppkey and o_orderkey = l1.l_orderkey and o_orderstatus = 'F'
  and l1.l_receiptdate > l1.l_commitdate
  and exists (select * from lineitem l2 where l2.l_orderkey = l1.l_orderkey and l2.l_suppkey <> l1.l_suppkey)
  and not exists (select * from lineitem l3 where l3.l_orderkey = l1.l_orderkey
    and l3.l_suppkey <> l1.l_suppkey and l3.l_receiptdate > l3.l_commitdate)
  and s_nationkey = n_nationkey and n_name = 'SAUDI ARABIA'
group by s_name order by numwait desc, s_name limit 100
`;
