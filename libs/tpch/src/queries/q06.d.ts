export declare const polars: string;
export declare const sql =
  "\nselect sum(l_extendedprice * l_discount) as revenue from lineitem\nwhere l_shipdate >= date '1994-01-01' and l_shipdate < date '1994-01-01' + interval '1 year'\n  and l_discount between 0.05 and 0.07 and l_quantity < 24\n";
