export const polars = String.raw`
start = date(1995, 9, 1)
end = date(1995, 10, 1)
price = pl.col("l_extendedprice") * (1 - pl.col("l_discount"))
(
    lineitem.join(part, left_on="l_partkey", right_on="p_partkey")
    .filter(pl.col("l_shipdate").is_between(start, end, closed="left"))
    .select(
        (
            100.00
            * pl.when(pl.col("p_type").str.contains("PROMO*")).then(price).otherwise(0).sum()
            / price.sum()
        )
        .round(2)
        .alias("promo_revenue")
    )
)
`;

export const sql = `
select round((100.00 * sum(case when p_type like 'PROMO%' then l_extendedprice * (1 - l_discount) else 0 end)
  / sum(l_extendedprice * (1 - l_discount)))::numeric, 2)::float8 as promo_revenue
from lineitem, part
where l_partkey = p_partkey and l_shipdate >= date '1995-09-01' and l_shipdate < date '1995-09-01' + interval '1 month'
`;
