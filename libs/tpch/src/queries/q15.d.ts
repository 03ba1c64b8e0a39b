export declare const polars: string;
export declare const sql =
  "\nwith revenue as (\n  select l_suppkey as supplier_no, sum(l_extendedprice * (1 - l_discount)) as total_revenue from lineitem\n  where l_shipdate >= date '1996-01-01' and l_shipdate < date '1996-01-01' + interval '3 months' group by l_suppkey)\nselect s_suppkey, s_name, s_address, s_phone, round(total_revenue::numeric, 2)::float8 as total_revenue\nfrom supplier, revenue\nwhere s_suppkey = supplier_no and total_revenue = (select max(total_revenue) from revenue) order by s_suppkey\n";
