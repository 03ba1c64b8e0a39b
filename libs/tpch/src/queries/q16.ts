export const polars = String.raw`
complaints = supplier.filter(pl.col("s_comment").str.contains(".*Customer.*Complaints.*")).select(
    pl.col("s_suppkey"), pl.col("s_suppkey").alias("ps_suppkey")
)
(
    part.join(partsupp, left_on="p_partkey", right_on="ps_partkey")
    .filter(pl.col("p_brand") != "Brand#45")
    .filter(pl.col("p_type").str.contains("MEDIUM POLISHED*").not_())
    .filter(pl.col("p_size").is_in([49, 14, 23, 45, 19, 3, 36, 9]))
    .join(complaints, left_on="ps_suppkey", right_on="s_suppkey", how="left")
    .filter(pl.col("ps_suppkey_right").is_null())
    .group_by("p_brand", "p_type", "p_size")
    .agg(pl.col("ps_suppkey").n_unique().alias("supplier_cnt"))
    .sort(by=["supplier_cnt", "p_brand", "p_type", "p_size"], descending=[True, False, False, False])
)
`;

export const sql = `
select p_brand, p_type, p_size, count(distinct ps_suppkey) as supplier_cnt from partsupp, part
where p_partkey = ps_partkey and p_brand <> 'Brand#45' and p_type not like 'MEDIUM POLISHED%'
  and p_size in (49, 14, 23, 45, 19, 3, 36, 9)
  and ps_suppkey not in (select s_suppkey from supplier where s_comment like '%Customer%Complaints%')
group by p_brand, p_type, p_size order by supplier_cnt desc, p_brand collate "C", p_type collate "C", p_size
`;
