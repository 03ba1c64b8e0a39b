export declare const polars: string;
export declare const sql =
  "\nselect round((100.00 * sum(case when p_type like 'PROMO%' then l_extendedprice * (1 - l_discount) else 0 end)\n  / sum(l_extendedprice * (1 - l_discount)))::numeric, 2)::float8 as promo_revenue\nfrom lineitem, part\nwhere l_partkey = p_partkey and l_shipdate >= date '1995-09-01' and l_shipdate < date '1995-09-01' + interval '1 month'\n";
