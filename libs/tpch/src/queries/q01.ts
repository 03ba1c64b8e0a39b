export const polars = String.raw`
last = date(1998, 9, 2)
lineitem.filter(pl.col("l_shipdate") <= last).group_by("l_returnflag", "l_linestatus").agg(
    pl.sum("l_quantity").alias("sum_qty"),
    pl.sum("l_extendedprice").alias("sum_base_price"),
    (pl.col("l_extendedprice") * (1.0 - pl.col("l_discount"))).sum().alias("sum_disc_price"),
    (pl.col("l_extendedprice") * (1.0 - pl.col("l_discount")) * (1.0 + pl.col("l_tax"))).sum().alias("sum_charge"),
    pl.mean("l_quantity").alias("avg_qty"),
    pl.mean("l_extendedprice").alias("avg_price"),
    pl.mean("l_discount").alias("avg_disc"),
    pl.len().alias("count_order"),
).sort("l_returnflag", "l_linestatus")
`;

export const sql = `
select l_returnflag, l_linestatus, sum(l_quantity) as sum_qty, sum(l_extendedprice) as sum_base_price,
  sum(l_extendedprice * (1 - l_discount)) as sum_disc_price,
  sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)) as sum_charge,
  avg(l_quantity) as avg_qty, avg(l_extendedprice) as avg_price, avg(l_discount) as avg_disc, count(*) as count_order
from lineitem where l_shipdate <= date '1998-12-01' - interval '90 days'
group by l_returnflag, l_linestatus order by l_returnflag, l_linestatus
`;
