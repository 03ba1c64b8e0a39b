export const polars = String.raw`
size = 15
kind = "BRASS"
where = "EUROPE"
offers = (
    part.join(partsupp, left_on="p_partkey", right_on="ps_partkey")
    .join(supplier, left_on="ps_suppkey", right_on="s_suppkey")
    .join(nation, left_on="s_nationkey", right_on="n_nationkey")
    .join(region, left_on="n_regionkey", right_on="r_regionkey")
    .filter(pl.col("p_size") == size)
    .filter(pl.col("p_type").str.ends_with(kind))
    .filter(pl.col("r_name") == where)
)
(
    offers.group_by("p_partkey")
    .agg(pl.min("ps_supplycost"))
    .join(offers, on=["p_partkey", "ps_supplycost"])
    .select("s_acctbal", "s_name", "n_name", "p_partkey", "p_mfgr", "s_address", "s_phone", "s_comment")
    .sort(by=["s_acctbal", "n_name", "s_name", "p_partkey"], descending=[True, False, False, False])
    .head(100)
)
`;

export const sql = `
select s_acctbal, s_name, n_name, p_partkey, p_mfgr, s_address, s_phone, s_comment
from part, supplier, partsupp, nation, region
where p_partkey = ps_partkey and s_suppkey = ps_suppkey and p_size = 15 and p_type like '%BRASS'
  and s_nationkey = n_nationkey and n_regionkey = r_regionkey and r_name = 'EUROPE'
  and ps_supplycost = (
    select min(ps_supplycost) from partsupp, supplier, nation, region
    where p_partkey = ps_partkey and s_suppkey = ps_suppkey and s_nationkey = n_nationkey
      and n_regionkey = r_regionkey and r_name = 'EUROPE')
order by s_acctbal desc, n_name, s_name, p_partkey limit 100
`;
