export const polars = String.raw`
(
    part.join(lineitem, left_on="p_partkey", right_on="l_partkey")
    .filter(pl.col("l_shipmode").is_in(["AIR", "AIR REG"]))
    .filter(pl.col("l_shipinstruct") == "DELIVER IN PERSON")
    .filter(
        (
            (pl.col("p_brand") == "Brand#12")
            & pl.col("p_container").is_in(["SM CASE", "SM BOX", "SM PACK", "SM PKG"])
            & (pl.col("l_quantity").is_between(1, 11))
            & (pl.col("p_size").is_between(1, 5))
        )
        | (
            (pl.col("p_brand") == "Brand#23")
            & pl.col("p_container").is_in(["MED BAG", "MED BOX", "MED PKG", "MED PACK"])
            & (pl.col("l_quantity").is_between(10, 20))
            & (pl.col("p_size").is_between(1, 10))
        )
        | (
            (pl.col("p_brand") == "Brand#34")
            & pl.col("p_container").is_in(["LG CASE", "LG BOX", "LG PACK", "LG PKG"])
            & (pl.col("l_quantity").is_between(20, 30))
            & (pl.col("p_size").is_between(1, 15))
        )
    )
    .select((pl.col("l_extendedprice") * (1 - pl.col("l_discount"))).sum().round(2).alias("revenue"))
)
`;

export const sql = `
select round(sum(l_extendedprice * (1 - l_discount))::numeric, 2)::float8 as revenue from lineitem, part
where p_partkey = l_partkey and l_shipmode in ('AIR', 'AIR REG') and l_shipinstruct = 'DELIVER IN PERSON' and (
  (p_brand = 'Brand#12' and p_container in ('SM CASE', 'SM BOX', 'SM PACK', 'SM PKG')
    and l_quantity between 1 and 11 and p_size between 1 and 5)
  or (p_brand = 'Brand#23' and p_container in ('MED BAG', 'MED BOX', 'MED PKG', 'MED PACK')
    and l_quantity between 10 and 20 and p_size between 1 and 10)
  or (p_brand = 'Brand#34' and p_container in ('LG CASE', 'LG BOX', 'LG PACK', 'LG PKG')
    and l_quantity between 20 and 30 and p_size between 1 and 15))
`;
